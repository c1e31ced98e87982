package io.github.dl4jaskew.keras;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.Hdf5Archive;
import org.deeplearning4j.nn.modelimport.keras.KerasModel;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.utils.KerasModelBuilder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A network of Keras as DL4J imports it, and inputs for it.
 *
 * @param network the network
 * @param shapes those of the inputs, without the batch; a size below 1 is free
 * @param recorded inputs that Keras was run on, or none
 */
record KerasNetwork(Model network, List<int[]> shapes, List<INDArray> recorded) {

    /** For a size that Keras leaves open: long enough for kernels and pooling. */
    private static final int FREE = 16;

    private static final String WEIGHTS = "_weights.h5";

    /** Whether a file is a network, or the weights of one whose configuration lies beside it. */
    static boolean isNetwork(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".h5")
                && !name.endsWith("_inputs_and_outputs.h5")
                && (!name.endsWith(WEIGHTS) || Files.exists(beside(file, WEIGHTS, "_config.json")));
    }

    private static Path beside(Path file, String end, String other) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(name.substring(0, name.length() - end.length()) + other);
    }

    static KerasNetwork read(Path file) throws IOException {
        try {
            var sequential = builder(file).buildSequential();
            return of(file, sequential, sequential.getMultiLayerNetwork(true));
        } catch (InvalidKerasConfigurationException | UnsupportedKerasConfigurationException | RuntimeException e) {
            try {
                KerasModel model = builder(file).buildModel();
                return of(file, model, model.getComputationGraph(true));
            } catch (InvalidKerasConfigurationException
                    | UnsupportedKerasConfigurationException
                    | RuntimeException other) {
                // That of the class of models that the file does not hold is of no interest.
                Exception told = String.valueOf(e.getMessage()).contains("Sequential") ? other : e;
                throw new IOException("import: " + told.getMessage(), told);
            }
        }
    }

    private static KerasModelBuilder builder(Path file)
            throws IOException, InvalidKerasConfigurationException, UnsupportedKerasConfigurationException {
        KerasModelBuilder builder = new KerasModel().modelBuilder().enforceTrainingConfig(false);
        return file.toString().endsWith(WEIGHTS)
                ? builder.modelJsonFilename(
                                beside(file, WEIGHTS, "_config.json").toString())
                        .weightsHdf5FilenameNoRoot(file.toString())
                : builder.modelHdf5Filename(file.toString());
    }

    private static KerasNetwork of(Path file, KerasModel model, Model network) {
        List<int[]> shapes = new ArrayList<>();
        for (String input : model.getInputLayerNames()) {
            shapes.add(
                    Objects.requireNonNull(model.getLayers().get(input), input).getInputShape());
        }
        return new KerasNetwork(network, shapes, recorded(file));
    }

    private static List<INDArray> recorded(Path file) {
        String name = String.valueOf(file.getFileName());
        String end = name.endsWith(WEIGHTS) ? WEIGHTS : "_model.h5";
        Path beside = name.endsWith(end) ? beside(file, end, "_inputs_and_outputs.h5") : file;
        List<INDArray> inputs = new ArrayList<>();
        if (!beside.equals(file) && Files.exists(beside)) {
            try (Hdf5Archive archive = new Hdf5Archive(beside.toString())) {
                for (String input : archive.getDataSets("inputs")) {
                    inputs.add(archive.readDataSet(input, "inputs"));
                }
            } catch (UnsupportedKerasConfigurationException | RuntimeException e) {
                return List.of();
            }
        }
        return inputs;
    }

    /** One example: for seed 0 the first recorded one, if there is one of the right shape, otherwise random numbers. */
    List<INDArray> inputs(int seed) {
        if (seed == 0 && recorded.size() == shapes.size() && recorded.stream().allMatch(a -> a.rank() > 1)) {
            return recorded.stream()
                    .map(a -> a.get(NDArrayIndex.interval(0, 1)).castTo(DataType.FLOAT))
                    .toList();
        }
        Random random = new Random(seed);
        int indices = indices();
        List<INDArray> inputs = new ArrayList<>();
        for (int[] shape : shapes) {
            long[] full = new long[shape.length + 1];
            full[0] = 1;
            int length = 1;
            for (int i = 0; i < shape.length; i++) {
                full[i + 1] = shape[i] < 1 ? FREE : shape[i];
                length *= (int) full[i + 1];
            }
            float[] numbers = new float[length];
            for (int i = 0; i < length; i++) {
                numbers[i] = indices > 0 ? random.nextInt(indices) : (float) random.nextGaussian();
            }
            inputs.add(Nd4j.createFromArray(numbers).reshape(full));
        }
        return inputs;
    }

    /** How many rows each embedding has at least, or 0 if there is none. */
    private int indices() {
        org.deeplearning4j.nn.api.Layer[] layers =
                network instanceof MultiLayerNetwork m ? m.getLayers() : ((ComputationGraph) network).getLayers();
        int least = 0;
        for (org.deeplearning4j.nn.api.Layer layer : layers) {
            if (layer.conf().getLayer() instanceof FeedForwardLayer conf
                    && (conf instanceof EmbeddingLayer || conf instanceof EmbeddingSequenceLayer)) {
                int rows = Math.toIntExact(conf.getNIn());
                least = least == 0 ? rows : Math.min(least, rows);
            }
        }
        return least;
    }
}
