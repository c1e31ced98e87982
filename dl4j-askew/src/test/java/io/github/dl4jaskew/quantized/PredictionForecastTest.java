package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.testkit.Nets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class PredictionForecastTest {

    private static final int EXAMPLES = 400;

    @Test
    void aSingleRoundedLayerIsForecastExactly() {
        MultiLayerNetwork network = deep(7);
        QuantizedModel model = rounding(Grid.binary(), Layers.named("second")).quantize(network);

        PredictionForecast forecast = PredictionForecast.of(network, model, data());

        assertThat(forecast.examples())
                .extracting(PredictionForecast.Example::changes)
                .isEqualTo(changes(network, model));
        assertThat(forecast.changes()).isPositive();
        assertThat(forecast.layers()).hasSize(1);
        assertThat(forecast.layers().get(0).layer()).isEqualTo("second");
        assertThat(forecast.layers().get(0).changes()).isEqualTo(forecast.changes());
    }

    /** What two layers do together is more than the sum of what each does. */
    @Test
    void twoRoundedLayersAreForecastExactly() {
        MultiLayerNetwork network = deep(7);
        QuantizedModel model =
                rounding(Grid.binary(), Layers.named("first", "second")).quantize(network);

        PredictionForecast forecast = PredictionForecast.of(network, model, data());

        assertThat(forecast.examples())
                .extracting(PredictionForecast.Example::changes)
                .isEqualTo(changes(network, model));
        assertThat(forecast.layers())
                .extracting(PredictionForecast.LayerEffect::layer)
                .containsExactly("first", "second");
    }

    @Test
    void aNetworkOnItsLevelsKeepsItsMargins() {
        MultiLayerNetwork network = deep(7);
        QuantizedModel model = rounding(Grid.uniform(2), Layers.all()).quantize(network);

        PredictionForecast forecast = PredictionForecast.of(model.toNetwork(), model, data());

        assertThat(forecast.changes()).isZero();
        assertThat(forecast.layers())
                .extracting(PredictionForecast.LayerEffect::scale)
                .containsOnly(1.0);
        assertThat(forecast.examples())
                .allSatisfy(e -> assertThat(e.predictedMargin()).isEqualTo(e.margin()));
    }

    /** To first order, three layers at 0.6 of their size turn every margin round: 1 - 3 * 0.4 = -0.2. */
    @Test
    void smallerWeightsAloneChangeNoPrediction() {
        MultiLayerNetwork network = deep(7);
        for (String key : List.of("0_W", "1_W", "2_W")) {
            INDArray weights = network.getParam(key);
            weights.assign(Nd4j.math().sign(weights));
        }
        QuantizedModel model = PostTrainingQuantization.builder()
                .grid(Grid.binary())
                .scale(Scale.fixed(0.6))
                .build()
                .quantize(network);

        PredictionForecast forecast = PredictionForecast.of(network, model, data());

        assertThat(forecast.changes()).isZero();
        assertThat(forecast.layers())
                .hasSize(3)
                .allSatisfy(layer -> assertThat(layer.scale()).isEqualTo(0.6, within(1e-6)));
        assertThat(forecast.examples())
                .allSatisfy(e -> assertThat(e.predictedMargin()).isEqualTo(e.margin(), within(1e-3)));
    }

    @Test
    void ranksExamplesAsTheQuantizedNetworkDoes() {
        for (long seed = 1; seed <= 3; seed++) {
            MultiLayerNetwork network = deep(seed);
            QuantizedModel model = rounding(Grid.uniform(4), Layers.all()).quantize(network);

            List<PredictionForecast.Example> forecast =
                    PredictionForecast.of(network, model, data()).examples();

            double[] actual = margins(model, forecast);
            double[] predicted = forecast.stream()
                    .mapToDouble(PredictionForecast.Example::predictedMargin)
                    .toArray();
            double[] before = forecast.stream()
                    .mapToDouble(PredictionForecast.Example::margin)
                    .toArray();
            assertThat(rankCorrelation(predicted, actual))
                    .isGreaterThan(0.9)
                    .isGreaterThan(rankCorrelation(before, actual));
        }
    }

    @Test
    void batchNormGoesWithTheLayerBeforeIt() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                new DenseLayer.Builder().name("hidden").nIn(8).nOut(16).build(),
                new BatchNormalization.Builder().name("norm").nOut(16).build(),
                output("output", 16));
        QuantizedModel model = rounding(Grid.binary(), Layers.named("hidden")).quantize(network, data());

        PredictionForecast forecast = PredictionForecast.of(network, model, data());

        assertThat(forecast.examples())
                .extracting(PredictionForecast.Example::changes)
                .isEqualTo(changes(network, model));
    }

    @Test
    void asGraphAndAsListTheSame() {
        MultiLayerNetwork list = deep(7);
        ComputationGraphConfiguration configuration = Nets.base(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("first", hidden("first", 8), "in")
                .addLayer("second", hidden("second", 16), "first")
                .addLayer("output", output("output", 16), "second")
                .setOutputs("output")
                .build();
        ComputationGraph graph = Nets.init(configuration);
        graph.params().assign(list.params());

        PostTrainingQuantization method = rounding(Grid.binary(), Layers.all());
        PredictionForecast ofGraph = PredictionForecast.of(graph, method.quantize(graph), data());
        PredictionForecast ofList = PredictionForecast.of(list, method.quantize(list), data());

        assertThat(ofGraph.examples()).isEqualTo(ofList.examples());
        assertThat(ofGraph).hasToString(ofList.toString());
    }

    @Test
    void aSingleSigmoidDecidesBetweenTwoClasses() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                hidden("first", 8),
                new OutputLayer.Builder(LossFunction.XENT)
                        .name("output")
                        .nIn(16)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build());
        QuantizedModel model = rounding(Grid.binary(), Layers.named("first")).quantize(network);

        List<PredictionForecast.Example> forecast =
                PredictionForecast.of(network, model, data()).examples();

        INDArray before = network.output(features());
        INDArray after = model.output(features());
        for (int i = 0; i < EXAMPLES; i++) {
            assertThat(forecast.get(i).predicted()).isEqualTo(before.getDouble(i) > 0.5 ? 1 : 0);
            assertThat(forecast.get(i).rival()).isEqualTo(1 - forecast.get(i).predicted());
            assertThat(forecast.get(i).changes()).isEqualTo(before.getDouble(i) > 0.5 != after.getDouble(i) > 0.5);
        }
    }

    /** As networks from Keras have it: the softmax in front of the loss layer, by itself or in a dense layer. */
    @Test
    void whereverTheSoftmaxStandsTheLogitsAreThoseBeforeIt() {
        MultiLayerNetwork usual = deep(7);
        List<PredictionForecast.Example> expected = forecast(usual);
        LossLayer loss = new LossLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.IDENTITY)
                .build();
        LossLayer softmaxLoss = new LossLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .build();
        ActivationLayer softmax = new ActivationLayer(Activation.SOFTMAX);
        for (List<Layer> end : List.of(
                List.<Layer>of(dense("output", Activation.SOFTMAX), loss),
                List.<Layer>of(dense("output", Activation.SOFTMAX), new DropoutLayer(0.5), loss),
                List.<Layer>of(dense("output", Activation.IDENTITY), softmax, loss),
                List.<Layer>of(dense("output", Activation.IDENTITY), softmaxLoss))) {
            List<Layer> layers = new ArrayList<>(List.of(hidden("first", 8), hidden("second", 16)));
            layers.addAll(end);
            MultiLayerNetwork list = Nets.of(new Sgd(0.1), layers.toArray(new Layer[0]));
            list.params().assign(usual.params());
            assertThat(forecast(list)).isEqualTo(expected);

            GraphBuilder builder = Nets.base(new Sgd(0.1)).graphBuilder().addInputs("0");
            for (int i = 0; i < layers.size(); i++) {
                builder.addLayer(String.valueOf(i + 1), layers.get(i), String.valueOf(i));
            }
            ComputationGraph graph =
                    Nets.init(builder.setOutputs(String.valueOf(layers.size())).build());
            graph.params().assign(usual.params());
            assertThat(forecast(graph)).isEqualTo(expected);
        }
    }

    @Test
    void aSigmoidInFrontOfTheLossDecidesBetweenTwoClasses() {
        MultiLayerNetwork network = Nets.of(
                new Sgd(0.1),
                hidden("first", 8),
                new DenseLayer.Builder()
                        .name("output")
                        .nIn(16)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build(),
                new LossLayer.Builder(LossFunction.XENT)
                        .activation(Activation.IDENTITY)
                        .build());
        INDArray before = network.output(features());
        List<PredictionForecast.Example> forecast = forecast(network);
        for (int i = 0; i < EXAMPLES; i++) {
            double p = before.getDouble(i);
            assertThat(forecast.get(i).predicted()).isEqualTo(p > 0.5 ? 1 : 0);
            assertThat(forecast.get(i).margin()).isEqualTo(Math.abs(Math.log(p / (1 - p))), within(1e-3));
        }
    }

    private static List<PredictionForecast.Example> forecast(Model network) {
        QuantizedModel model = rounding(Grid.binary(), Layers.all()).quantize(network);
        return PredictionForecast.of(network, model, data()).examples();
    }

    private static DenseLayer dense(String name, Activation activation) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(16)
                .nOut(4)
                .hasBias(false)
                .activation(activation)
                .build();
    }

    @Test
    void changesNothing() {
        MultiLayerNetwork network = deep(7);
        QuantizedModel model = rounding(Grid.binary(), Layers.all()).quantize(network);
        float[] before = Nets.params(network);
        float[] rounded = Nets.params(model.toNetwork());

        PredictionForecast forecast = PredictionForecast.of(network, model, data());

        assertThat(Nets.params(network)).isEqualTo(before);
        assertThat(Nets.params(model.toNetwork())).isEqualTo(rounded);
        assertThat(network.output(features()).sumNumber().doubleValue()).isEqualTo(EXAMPLES, within(1e-2));
        assertThat(forecast.mostAtRisk(3))
                .isEqualTo(forecast.examples().stream()
                        .sorted(Comparator.comparingDouble(PredictionForecast.Example::predictedMargin))
                        .limit(3)
                        .toList());
    }

    @Test
    void refusesWhatItCannotForecast() {
        MultiLayerNetwork network = deep(7);
        QuantizedModel model = rounding(Grid.binary(), Layers.all()).quantize(network);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictionForecast.of(Nets.mlp(new Sgd(0.1)), model, data()))
                .withMessageContaining("not a model of the network");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictionForecast.of(network, QuantizedModel.of(deep(7), List.of()), data()))
                .withMessageContaining("no quantized parameter");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictionForecast.of(network, model, new ListDataSetIterator<>(List.of())))
                .withMessageContaining("the data for the forecast is empty");
        network.getParam("2_W").muli(-1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictionForecast.of(network, model, data()))
                .withMessageContaining("rounding layer 'output' alone changes the logits by a factor of");
    }

    private static PostTrainingQuantization rounding(Grid grid, Layers layers) {
        return PostTrainingQuantization.builder()
                .grid(grid)
                .scale(Scale.mse())
                .layers(layers)
                .build();
    }

    private static MultiLayerNetwork deep(long seed) {
        MultiLayerNetwork network =
                Nets.of(new Sgd(0.1), hidden("first", 8), hidden("second", 16), output("output", 16));
        network.params().assign(Nets.normal(seed, network.params().shape()));
        return network;
    }

    private static DenseLayer hidden(String name, int in) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(in)
                .nOut(16)
                .hasBias(false)
                .activation(Activation.RELU)
                .build();
    }

    private static OutputLayer output(String name, int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .name(name)
                .nIn(in)
                .nOut(4)
                .hasBias(false)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static INDArray features() {
        return Nets.normal(3, EXAMPLES, 8);
    }

    private static DataSetIterator data() {
        return new ListDataSetIterator<>(new DataSet(features(), Nets.oneHot(4, EXAMPLES, 4)).asList(), 64);
    }

    private static List<Boolean> changes(Model network, QuantizedModel model) {
        int[] before = ((MultiLayerNetwork) network).predict(features());
        int[] after = model.toMultiLayerNetwork().predict(features());
        return IntStream.range(0, EXAMPLES).mapToObj(i -> before[i] != after[i]).toList();
    }

    /** Of the class that the float network predicts. */
    private static double[] margins(QuantizedModel model, List<PredictionForecast.Example> forecast) {
        INDArray outputs = Nd4j.math().log(model.output(features()).castTo(DataType.DOUBLE));
        return forecast.stream()
                .mapToDouble(e -> {
                    double[] row = outputs.getRow(e.example()).toDoubleVector();
                    double own = row[e.predicted()];
                    row[e.predicted()] = Double.NEGATIVE_INFINITY;
                    return own - Arrays.stream(row).max().orElseThrow();
                })
                .toArray();
    }

    private static double rankCorrelation(double[] a, double[] b) {
        int[] x = ranks(a);
        int[] y = ranks(b);
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            squares += Math.pow(x[i] - y[i], 2);
        }
        return 1 - 6 * squares / (x.length * (Math.pow(x.length, 2) - 1));
    }

    private static int[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .mapToInt(i -> i)
                .toArray();
        int[] ranks = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            ranks[order[i]] = i;
        }
        return ranks;
    }
}
