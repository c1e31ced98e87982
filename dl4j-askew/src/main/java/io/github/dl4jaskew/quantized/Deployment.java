package io.github.dl4jaskew.quantized;

import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Whether the quantized model of a network can be saved as a packed file, and whether the edge predictor, which needs no ND4J,
 * can serve that file. It depends on the configuration alone, so it can be asked before training. Immutable.
 *
 * @param packing why there can be no packed file, or null if there can
 * @param edge which layer keeps the edge predictor from serving it, and why, or null if none does
 */
public record Deployment(@Nullable String packing, @Nullable String edge) {

    /**
     * Asks a network, without training and packing it. What only data decides (clips of quantized activations) is taken as
     * decided, as {@code quantize} with data does.
     *
     * @param network a MultiLayerNetwork or ComputationGraph without constraint
     * @return the answer; never an exception
     */
    public static Deployment of(Model network) {
        try {
            ModelWriter writer = new ModelWriter(network, List.of(), null, List.of());
            String refused = writer.fileBytes() > 0 ? PortableExport.refusalBeforeTraining(network) : null;
            return new Deployment(null, refused);
        } catch (RuntimeException e) {
            // whatever saving throws would be thrown after the training
            String reason = String.valueOf(e.getMessage());
            return new Deployment(reason, reason);
        }
    }

    /**
     * The answer for a SameDiff graph: it can be packed, for ND4J alone.
     *
     * @param graph a graph
     * @return the answer; never an exception
     */
    public static Deployment of(SameDiff graph) {
        String edge = "a SameDiff graph serves ND4J alone";
        try {
            SameDiffFile.writer(graph, List.of()).fileBytes();
            return new Deployment(null, edge);
        } catch (RuntimeException e) {
            return new Deployment(String.valueOf(e.getMessage()), edge);
        }
    }

    /** For example {@code packed file: yes; edge predictor: no, layer 'attention' is a SelfAttentionLayer}. */
    @Override
    public String toString() {
        return "packed file: " + answer(packing) + (packing == null ? "; edge predictor: " + answer(edge) : "");
    }

    private static String answer(@Nullable String reason) {
        return reason == null ? "yes" : "no, " + reason;
    }
}
