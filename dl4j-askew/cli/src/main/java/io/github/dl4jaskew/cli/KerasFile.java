package io.github.dl4jaskew.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** A network that Keras saved as HDF5. */
public final class KerasFile {

    private KerasFile() {}

    /**
     * Reads a file.
     *
     * @param path a file of Keras, with architecture and weights
     * @return a MultiLayerNetwork of a Sequential, a ComputationGraph of any other model
     * @throws IOException if DL4J does not import it, with its reason, or HDF5 is not on the class path
     */
    public static Model read(Path path) throws IOException {
        String file = path.toString();
        try {
            return trainable(KerasModelImport.importKerasSequentialModelAndWeights(file, false));
        } catch (InvalidKerasConfigurationException
                | UnsupportedKerasConfigurationException
                | RuntimeException sequential) {
            return graph(file, sequential);
        } catch (LinkageError e) {
            throw new IOException(
                    "HDF5 is not on the class path: run askew.jar, which has it, or add org.bytedeco:hdf5 with the"
                            + " natives of this platform",
                    e);
        }
    }

    private static Model graph(String file, Exception sequential) throws IOException {
        try {
            return trainable(KerasModelImport.importKerasModelAndWeights(file, false));
        } catch (InvalidKerasConfigurationException | UnsupportedKerasConfigurationException | RuntimeException e) {
            e.addSuppressed(sequential);
            throw new IOException(file + ": DL4J does not import the network: " + e.getMessage(), e);
        }
    }

    /**
     * Removes the dropout that keeps everything, which DL4J's import gives to every layer: it does nothing, but the backward
     * pass of a convolution with channels last fails in it.
     */
    static Model trainable(Model network) {
        Layer[] layers = network instanceof ComputationGraph graph
                ? graph.getLayers()
                : ((MultiLayerNetwork) network).getLayers();
        for (Layer layer : layers) {
            clear(layer.conf().getLayer());
        }
        return network;
    }

    private static void clear(org.deeplearning4j.nn.conf.layers.Layer layer) {
        if (layer.getIDropout() instanceof Dropout dropout && dropout.getP() == 1 && dropout.getPSchedule() == null) {
            layer.setIDropout(null);
        }
        if (layer instanceof BaseWrapperLayer wrapper) {
            clear(wrapper.getUnderlying());
        } else if (layer instanceof Bidirectional both) {
            clear(both.getFwd());
            clear(both.getBwd());
        }
    }
}
