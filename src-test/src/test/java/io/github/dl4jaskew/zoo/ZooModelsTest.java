package io.github.dl4jaskew.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.internal.rule.ArrayWeights;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import io.github.dl4jaskew.schedule.Annealing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.deeplearning4j.datasets.iterator.utilty.SingletonDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Zoo models at the smallest input that they can be built with: 31 x 31 pixels for SqueezeNet, 32 x 32 for VGG16 and 133 x
 * 133 for ResNet50, whose strides and last pooling allow no less; SimpleCNN and LeNet go on below what is used here.
 */
@Tag("slow")
class ZooModelsTest {

    private static final int CLASSES = 3;
    private static final int EXAMPLES = 2;
    private static final int ITERATIONS = 2;
    private static final IUpdater UPDATER = new Adam(1e-4);

    @TempDir
    Path directory;

    @Test
    void leNet() throws IOException {
        MultiLayerNetwork network = (MultiLayerNetwork) LeNet.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {1, 28, 28})
                .build()
                .init();
        AskewPlan plan = trainAndPack(network, images(28 * 28));
        requireFirstAndLast(plan, "cnn1", "output");
        assertThat(constrained(plan)).containsExactly("cnn2", "ffn1");
        assertThat(plan.constrainedWeights()).isEqualTo(50 * 20 * 25 + 2450 * 500);
        assertThat(reasons(plan, "maxpool1")).containsExactly("no weights");
        assertThat(reasons(plan, "cnn2")).containsExactly("bias");
    }

    /** The zoo's network ends in an activation, so that DL4J cannot train it without a loss. */
    @Test
    void simpleCnn() throws IOException {
        MultiLayerNetwork withoutLoss = (MultiLayerNetwork) SimpleCNN.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {3, 32, 32})
                .build()
                .init();
        MultiLayerNetwork network = new TransferLearning.Builder(withoutLoss)
                .fineTuneConfiguration(
                        new FineTuneConfiguration.Builder().updater(UPDATER).build())
                .removeOutputLayer()
                .addLayer(new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        AskewPlan plan = trainAndPack(network, images(3, 32, 32));
        requireFirstAndLast(plan, "image_array", "layer30");
        assertThat(constrained(plan))
                .containsExactly("layer2", "layer7", "layer9", "layer14", "layer16", "layer21", "layer23", "layer28");
        assertThat(reasons(plan, "layer1")).containsOnly("batch norm").hasSize(4);
    }

    @Test
    void squeezeNet() throws IOException {
        ComputationGraph network = SqueezeNet.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {3, 31, 31})
                .build()
                .init();
        AskewPlan plan = trainAndPack(network, images(3, 31, 31));
        requireFirstAndLast(plan, "conv1", "conv10");
        assertThat(constrained(plan)).hasSize(8 * 3).allMatch(name -> name.startsWith("fire"));
        assertThat(reasons(plan, "loss")).containsExactly("no weights");
    }

    @Test
    void resNet50() throws IOException {
        ComputationGraph network = ResNet50.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {3, 133, 133})
                .updater(UPDATER)
                .weightInit(new WeightInitRelu())
                .build()
                .init();
        AskewPlan plan = trainAndPack(network, images(3, 133, 133));
        requireFirstAndLast(plan, "stem-cnn1", "output");
        assertThat(constrained(plan)).hasSize(52).allMatch(name -> name.startsWith("res"));
        assertThat(reasons(plan, "stem-batch1")).containsOnly("batch norm").hasSize(4);
    }

    @Test
    void vgg16() throws IOException {
        ComputationGraph network = VGG16.builder()
                .numClasses(CLASSES)
                .inputShape(new int[] {3, 32, 32})
                .updater(UPDATER)
                .build()
                .init();
        AskewPlan plan = trainAndPack(network, images(3 * 32 * 32));
        requireFirstAndLast(plan, "0", "20");
        assertThat(constrained(plan)).hasSize(12 + 2).contains("18", "19");
        assertThat(plan.constrainedWeights()).isGreaterThan(33_000_000);
    }

    /** One-bit weights, except in the first and the last layer; closed within the few iterations. */
    private AskewPlan trainAndPack(Model network, INDArray images) throws IOException {
        Askew recipe = Askew.builder()
                .grid(Grid.binary())
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(1).thenLinear(ITERATIONS).byIteration())
                .updater(new Adam(0.03))
                .learningRateUnit(LearningRateUnit.CELL)
                .layers(Layers.exceptFirstAndLast())
                .build();
        INDArray labels = Nd4j.zeros(EXAMPLES, CLASSES);
        labels.putScalar(0, 0, 1).putScalar(1, 1, 1);
        DataSet data = new DataSet(images, labels);
        AskewPlan plan;
        QuantizedModel model;
        if (network instanceof MultiLayerNetwork mln) {
            plan = recipe.install(mln);
            for (int i = 0; i < ITERATIONS; i++) {
                mln.fit(data);
            }
            model = recipe.quantize(mln, new SingletonDataSetIterator(data));
        } else {
            ComputationGraph graph = (ComputationGraph) network;
            plan = recipe.install(graph);
            for (int i = 0; i < ITERATIONS; i++) {
                graph.fit(data);
            }
            model = recipe.quantize(graph, new SingletonDataSetIterator(data));
        }
        assertThat(network.score()).as("loss").isFinite();
        network.close();
        requirePacked(model, plan, images);
        return plan;
    }

    private void requirePacked(QuantizedModel model, AskewPlan plan, INDArray images) throws IOException {
        Model served = model.toNetwork();
        assertThat(model.parameters()).hasSameSizeAs(plan.constrained());
        model.parameters().forEach(p -> requireOnGrid(p, weights(served, p)));
        INDArray outputs = model.output(images);
        assertThat(outputs.isNaN().any()).isFalse();
        Path file = directory.resolve("model.askew");
        model.save(file);
        QuantizedModel loaded = QuantizedModel.load(file);
        assertThat(loaded.toNetwork().params().equalsWithEps(served.params(), 0))
                .isTrue();
        assertThat(loaded.output(images)).isEqualTo(outputs);
        assertThat(loaded.memoryReport().ratio()).isGreaterThan(4);
    }

    private static INDArray weights(Model network, QuantizedParameter p) {
        return network instanceof MultiLayerNetwork mln
                ? mln.getLayer(p.layer()).getParam(p.name())
                : ((ComputationGraph) network).getLayer(p.layer()).getParam(p.name());
    }

    private static void requireOnGrid(QuantizedParameter parameter, INDArray values) {
        ArrayWeights weights = new ArrayWeights(values);
        ScaledGrid grid = parameter.grid();
        for (long i = 0; i < weights.size(); i++) {
            float level =
                    (float) grid.level(grid.channels().of(i), parameter.codes().get(i));
            if (weights.at(i) != level) {
                assertThat(weights.at(i)).as(parameter.layer() + " " + i).isEqualTo(level);
            }
        }
    }

    private static void requireFirstAndLast(AskewPlan plan, String first, String last) {
        assertThat(reasons(plan, first))
                .contains("kept float, as the first layer of weights loses most accuracy at few bits");
        assertThat(reasons(plan, last))
                .contains("kept float, as the last layer of weights loses most accuracy at few bits");
        assertThat(plan.toString()).contains("skipped: kept float, as the first", "skipped: kept float, as the last");
    }

    private static List<String> constrained(AskewPlan plan) {
        return plan.constrained().stream().map(AskewPlan.Entry::layer).toList();
    }

    private static List<String> reasons(AskewPlan plan, String layer) {
        return plan.skipped().stream()
                .filter(e -> e.layer().equals(layer))
                .map(AskewPlan.Entry::skipped)
                .toList();
    }

    private static INDArray images(long... shape) {
        Random random = new Random(1);
        long[] all =
                LongStream.concat(LongStream.of(EXAMPLES), LongStream.of(shape)).toArray();
        float[] pixels = new float[Math.toIntExact(LongStream.of(all).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        return Nd4j.create(pixels, all, 'c');
    }
}
