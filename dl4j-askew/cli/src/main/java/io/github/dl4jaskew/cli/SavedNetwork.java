package io.github.dl4jaskew.cli;

import io.github.dl4jaskew.quantized.QuantizedModel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.Normalizer;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A zip file as DL4J's ModelSerializer writes it.
 *
 * @param network a MultiLayerNetwork or ComputationGraph
 * @param normalizer what its features were normalized with, or null if the file does not say
 */
record SavedNetwork(Model network, @Nullable DataNormalization normalizer) {

    /** The network and the normalizer of a packed file. */
    static SavedNetwork of(QuantizedModel model) {
        return new SavedNetwork(model.toNetwork(), model.normalization());
    }

    /**
     * Reads a file, without the updater's state.
     *
     * @throws IOException if it is no such file; names it
     */
    static SavedNetwork read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString());
        }
        File file = path.toFile();
        try (ZipFile zip = new ZipFile(file)) {
            Model network = isGraph(path, zip)
                    ? ModelSerializer.restoreComputationGraph(file, false)
                    : ModelSerializer.restoreMultiLayerNetwork(file, false);
            return new SavedNetwork(network, normalizer(path, zip));
        } catch (ZipException e) {
            throw new IOException(path + " is not a zip file, or a damaged one: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            // DL4J has no exceptions of its own for damaged files
            throw new IOException(path + ": DL4J cannot restore the network: " + SavedVersion.explain(path, e), e);
        }
    }

    private static boolean isGraph(Path path, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(ModelSerializer.CONFIGURATION_JSON);
        if (entry == null) {
            throw new IOException(path + " is not a saved network: it has no " + ModelSerializer.CONFIGURATION_JSON);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            JsonNode configuration = new ObjectMapper().readTree(in);
            if (!configuration.has("vertices") && !configuration.has("confs")) {
                throw new IOException(path + " holds neither a MultiLayerNetwork nor a ComputationGraph");
            }
            return configuration.has("vertices");
        }
    }

    /** Not DL4J's restoreNormalizerFromFile, which tries Java serialization and then writes to the file. */
    private static @Nullable DataNormalization normalizer(Path path, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(ModelSerializer.NORMALIZER_BIN);
        if (entry == null) {
            return null;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return (DataNormalization) NormalizerSerializer.getDefault().<Normalizer<?>>restore(in);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(path + ": the normalizer cannot be restored: " + e.getMessage(), e);
        }
    }

    /** Writes a file that {@link #read} and DL4J understand. */
    void write(Path path) throws IOException {
        ModelSerializer.writeModel(network, path.toFile(), false);
        if (normalizer != null) {
            // afterwards, as DL4J's writeModel fails when it is given the normalizer
            ModelSerializer.addNormalizerToModel(path.toFile(), normalizer);
        }
    }

    /** One of a network's arrays. */
    static INDArray parameter(Model network, String layer, String key) {
        Map<String, INDArray> table = network instanceof MultiLayerNetwork multiLayer
                ? multiLayer.getLayer(layer).paramTable(false)
                : ((ComputationGraph) network).getVertex(layer).paramTable(false);
        return Objects.requireNonNull(table.get(key), key);
    }
}
