package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.internal.network.Network;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.dataset.adapter.MultiDataSetIteratorAdapter;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Which predictions a classifier's rounding is likely to change, and through which layers. It is told from networks in each of which one
 * layer alone, or two that follow each other, are rounded as in the model. The quantized network itself is not run, unless it has no more than two
 * rounded layers.
 *
 * <pre>{@code
 * QuantizedModel model = askew.quantize(network);
 * PredictionForecast forecast = PredictionForecast.of(network, model, data);
 * System.out.println(forecast);            // how many predictions are likely to change, and what each layer alone changes
 * forecast.mostAtRisk(20);                 // examples to look at
 * }</pre>
 *
 * <p>Let s be an example's logits in float, s_l those with layer l alone rounded, and s_lm those with l and m. Rounding mostly makes a layer's
 * output smaller by a common factor, which changes no prediction, and that of several layers multiply. So each of these networks has a
 * scale, by least squares over all examples (logits less their mean over the classes), and {@code t = s_l / c_l} is what is left. The effects
 * of all layers are added up, and what each two that follow each other, m = l + 1, do together beyond the sum of both, which at 1 bit is much:
 *
 * <pre>c_l = sum &lt;s, s_l&gt; / sum &lt;s, s&gt;,   s' = s + sum_l (t_l - s) + sum_lm (t_lm - t_l - t_m + s)</pre>
 *
 * <p>The predicted margin is {@code s'_p - max_(j != p) s'_j} of the class p that the float network predicts; below 0, the prediction is
 * likely to change. With one or two rounded layers, it does. A layer here is a quantized layer and all that is not
 * quantized up to the next one, so that batch norm of re-estimated statistics goes with the layer before it. No labels are needed.
 *
 * <p>It costs two passes over the data for each quantized layer, and 4 bytes for each of these, example and class.
 * Where the quantized network can run on the same examples, one pass of it says for certain which predictions change, but not why.
 *
 * <p>Immutable and thread safe.
 */
public final class PredictionForecast {

    private final List<Example> examples;
    private final List<LayerEffect> layers;

    PredictionForecast(List<Example> examples, List<LayerEffect> layers) {
        this.examples = List.copyOf(examples);
        this.layers = List.copyOf(layers);
    }

    /**
     * An example before and, as is expected, after the rounding.
     *
     * @param example its number in the data, from 0
     * @param predicted the class that the float network predicts: 0 or 1 for a single sigmoid output
     * @param rival the class that is expected to be the next in the quantized network
     * @param margin the predicted class's logit less the largest other one, in float; at least 0
     * @param predictedMargin the same as is expected of the quantized network, in units of the float network's logits
     */
    public record Example(int example, int predicted, int rival, double margin, double predictedMargin) {

        /** {@return whether the prediction is expected to change} */
        public boolean changes() {
            return predictedMargin < 0;
        }
    }

    /**
     * What rounding a single layer does.
     *
     * @param layer its name
     * @param scale c_l, by which it changes all logits
     * @param changes how many predictions it changes by itself
     */
    public record LayerEffect(String layer, double scale, int changes) {}

    /**
     * A forecast for a network of one input and one output.
     *
     * @param network the network before it was quantized, such as the one that {@code quantize} was given; is not changed
     * @param model its quantized model
     * @param data features, with or without labels; is reset, if it can be, and read once
     * @return the forecast
     * @throws IllegalArgumentException as for several inputs
     */
    public static PredictionForecast of(Model network, QuantizedModel model, DataSetIterator data) {
        return of(network, model, new MultiDataSetIteratorAdapter(data));
    }

    /**
     * A forecast for a network of several inputs and one output.
     *
     * @param network the network before it was quantized; is not changed
     * @param model its quantized model
     * @param data an array of features for each input; is reset, if it can be, and read once
     * @return the forecast
     * @throws IllegalArgumentException if model and network do not have the same parameters, the model has none that is quantized, the
     *     network has not one output of logits {@code [examples, classes]}, the data is empty or not finite, or rounding layers leaves
     *     nothing of the logits, {@code c_l <= 0}
     */
    public static PredictionForecast of(Model network, QuantizedModel model, MultiDataSetIterator data) {
        return PartlyRounded.of(Network.of(network), model).logits(data).forecast();
    }

    /** {@return all examples, in the order of the data} */
    public List<Example> examples() {
        return examples;
    }

    /**
     * The examples whose predictions are most likely to change.
     *
     * @param most how many, at least 0
     * @return those with the smallest predicted margins, the smallest first; fewer if there are not so many
     * @throws IllegalArgumentException if the number is negative
     */
    public List<Example> mostAtRisk(int most) {
        return examples.stream()
                .sorted(Comparator.comparingDouble(Example::predictedMargin))
                .limit(most)
                .toList();
    }

    /** {@return what each quantized layer does alone, in the order of the network} */
    public List<LayerEffect> layers() {
        return layers;
    }

    /** {@return how many predictions are expected to change} */
    public int changes() {
        return (int) examples.stream().filter(Example::changes).count();
    }

    /** A line with the number of changes that are expected, and a table of the layers. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d of %d predictions are expected to change%n%-20s %8s %28s%n",
                changes(),
                examples.size(),
                "layer",
                "scale",
                "changed by this layer alone"));
        layers.forEach(
                l -> text.append(String.format(Locale.ROOT, "%-20s %8.3f %28d%n", l.layer(), l.scale(), l.changes())));
        return text.toString();
    }
}
