package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.ParallelTraining;
import io.github.dl4jaskew.QuantizedTraining;
import io.github.dl4jaskew.activation.QuantizedActivation;
import io.github.dl4jaskew.activation.QuantizedActivationLayer;
import io.github.dl4jaskew.baseline.BinaryConnect;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.checkpoint.CheckpointDirectory;
import io.github.dl4jaskew.checkpoint.ResumableTraining;
import io.github.dl4jaskew.edge.EdgeModel;
import io.github.dl4jaskew.edge.EdgeSession;
import io.github.dl4jaskew.examples.data.Batches;
import io.github.dl4jaskew.examples.data.Iris;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.listener.AskewListener;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.PlateauListener;
import io.github.dl4jaskew.plan.AskewPlan;
import io.github.dl4jaskew.plan.Layers;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.plan.Variables;
import io.github.dl4jaskew.quantized.PredictionForecast;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.schedule.Annealing;
import io.github.dl4jaskew.schedule.CosineSchedule;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.updater.AskewSgd;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.SplitTestAndTrain;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/** The snippets of the guide to dl4j-askew. */
@Tag("training")
class AskewSnippetsTest {

    @TempDir
    Path directory;

    private final Batches train = Given.train();
    private final Batches test = Given.test();

    @Test
    void theFirstNetwork() {
        // tag::data
        INDArray classes = Nd4j.eye(3).repeat(0, 200);
        INDArray centres = Nd4j.createFromArray(new float[][] {{2, 0, 0, 1}, {0, 2, 0, -1}, {0, 0, 2, 0}});
        DataSet data = new DataSet(classes.mmul(centres).add(Nd4j.randn(600, 4)), classes);
        data.shuffle(1);
        SplitTestAndTrain split = data.splitTestAndTrain(500);
        DataSetIterator train = new ListDataSetIterator<>(split.getTrain().asList(), 50);
        DataSetIterator test = new ListDataSetIterator<>(split.getTest().asList(), 50);
        int epochs = 60;
        int iterationsPerEpoch = 10; // 500 examples in minibatches of 50
        // end::data
        // tag::network
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01)) // of batch norm, and of everything that stays float
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nOut(16)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new DenseLayer.Builder()
                        .name("output")
                        .nOut(3)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization())
                .layer(new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(4))
                .build();
        MultiLayerNetwork net = new MultiLayerNetwork(conf);
        net.init();
        // end::network

        // tag::install
        Askew askew = Askew.fromScratch(epochs, iterationsPerEpoch)
                .grid(Grid.binary())
                .build();
        AskewPlan plan = askew.install(net);
        net.setListeners(new AskewListener());
        net.fit(train, epochs);
        // end::install

        // tag::quantize
        QuantizedModel model = askew.quantize(net, train);
        double accuracy = model.evaluate(test).accuracy();
        System.out.println(plan);
        System.out.println(accuracy);
        // end::quantize
        assertThat(plan.constrainedWeights()).isEqualTo(4 * 16 + 16 * 3);
        assertThat(accuracy)
                .isEqualTo(model.toMultiLayerNetwork().evaluate(test).accuracy());
    }

    @Test
    void everyChoice() {
        MultiLayerNetwork net = Given.network();
        // tag::choices
        Askew askew = Askew.builder()
                .grid(Grid.uniform(4))
                .scale(Scale.mse().perChannel())
                .epsilon(Annealing.hold(16).thenExponential(1e-4, 4)) // epochs
                .updater(new Adam(new CosineSchedule(ScheduleType.EPOCH, 0.3, 20))) // of the constrained weights alone
                .learningRateUnit(LearningRateUnit.CELL)
                .restoringRate(0.3)
                .layers(Layers.all().except("output"))
                .build();
        // end::choices
        askew.install(net);
        net.fit(train, 20);
        assertThat(report(net).total().maxDistance()).isLessThan(0.1);
    }

    private static AskewReport report(MultiLayerNetwork net) {
        return new AskewListener().report(net, net.getIterationCount(), net.getEpochCount());
    }

    /** Lines of dots stand for those that are left out. */
    @Test
    void thePlanOfTheGuideIsOne() {
        String plan = Askew.fromScratch(200, Given.ITERATIONS)
                .grid(Grid.ternary())
                .layers(Layers.all().except("output"))
                .build()
                .install(Given.network())
                .toString();
        assertThat(Pages.blocks(Pages.ASKEW.resolveSibling("how-to.md")).stream()
                        .filter(block -> block.language().equals("text"))
                        .flatMap(block -> block.text().lines())
                        .filter(line -> !line.equals("...")))
                .hasSizeGreaterThan(5)
                .isSubsetOf(plan.lines().toList());
    }

    @Test
    void asThePaperRunsIt() {
        MultiLayerNetwork net = Given.network(new AskewSgd(0.1, 0.9));
        // tag::paper
        // the network's updater is new AskewSgd(0.1, 0.9): SGD with the paper's momentum
        Askew askew = Askew.builder()
                .epsilon(Annealing.hold(10).thenExponential(0.88))
                .alpha(0.5) // the restoring rate is alpha times the learning rate
                .stage(Stage.GRADIENT)
                .build();
        // end::paper
        askew.install(net);
        net.fit(train, 20);
        assertThat(report(net).epsilon()).isBetween(0.2, 0.4);
    }

    @Test
    void byPlateau() {
        MultiLayerNetwork net = Given.network();
        DataSet validation = Given.split().test();
        // tag::plateau
        Askew askew = Askew.builder().epsilon(new PlateauAnnealing(0.5)).build();
        askew.install(net);
        net.setListeners(new PlateauListener(model -> ((MultiLayerNetwork) model).score(validation)));
        // end::plateau
        net.fit(train, 200);
        assertThat(report(net).epsilon()).isLessThan(1);
    }

    @Test
    void quantizedActivations() {
        // tag::activations
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder()
                        .name("hidden")
                        .nOut(16)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new BatchNormalization())
                .layer(new QuantizedActivationLayer(
                        QuantizedActivation.unsigned(4))) // ReLU, 16 levels from 0 to the clip
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(4))
                .build();
        // end::activations
        MultiLayerNetwork net = Given.initialised(conf);
        net.fit(train, 40);
        Set<Double> values = new HashSet<>();
        INDArray hidden =
                net.feedForward(Given.split().test().getFeatures(), false).get(3);
        for (double value : hidden.dup().data().asDouble()) {
            values.add(value);
        }
        assertThat(values).hasSizeBetween(3, 16).contains(0.0).allMatch(value -> value >= 0);
    }

    @Test
    void fromATrainedNetwork() {
        MultiLayerNetwork trained = Given.network();
        trained.fit(train, 5);
        int classes = 3;
        int epochs = 10;
        int iterationsPerEpoch = Given.ITERATIONS;
        // tag::transfer
        MultiLayerNetwork net = new TransferLearning.Builder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Adam(0.001))
                        .build())
                .nOutReplace(3, classes, WeightInit.XAVIER)
                .build();
        net.fit(train, epochs); // new classes are learned in float first

        Askew askew = Askew.fromTrained(epochs, iterationsPerEpoch)
                .grid(Grid.uniform(2))
                .layers(Layers.all().except("output"))
                .build();
        askew.install(net);
        net.fit(train, epochs);
        // end::transfer
        assertThat(report(net).total().meanDistance()).isLessThan(0.02);
    }

    @Test
    void inParallel() {
        MultiLayerNetwork net = Given.network();
        int minibatches = Given.ITERATIONS;
        int epochs = 2;
        // tag::parallel
        int workers = 2;
        int iterations = (minibatches + workers - 1) / workers; // of each worker in an epoch
        Askew.fromScratch(epochs, iterations).build().install(net);

        ParallelWrapper wrapper = new ParallelWrapper.Builder<>(net)
                .workers(workers)
                .averagingFrequency(1)
                .build();
        ParallelTraining.run(net, epochs, iterations, () -> wrapper.fit(train));
        // end::parallel
        wrapper.shutdown();
        assertThat(net.getEpochCount()).isEqualTo(epochs);
        assertThat(report(net).total().infeasibleShare()).isZero();
    }

    @Test
    void sameDiff() throws IOException {
        int epochs = 4;
        int iterationsPerEpoch = Given.ITERATIONS;
        SameDiff graph = graph();
        File file = directory.resolve("graph.fb").toFile();
        // tag::samediff
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new Adam(0.001))
                .dataSetFeatureMapping("features")
                .dataSetLabelMapping("labels")
                .build());
        Askew askew = Askew.fromScratch(epochs, iterationsPerEpoch)
                .variables(Variables.all().except("logits/w"))
                .build();
        askew.install(graph);
        graph.fit(train, epochs);
        graph.save(file, true);

        SameDiff loaded = SameDiff.load(file, true);
        Askew.resume(loaded); // re-attaches the constraint, as SameDiff does not save where it belongs
        loaded.fit(train, epochs);
        // end::samediff
        assertThat(askew.quantize(loaded).parameters()).hasSize(1);
    }

    private static SameDiff graph() {
        SameDiff graph = SameDiff.create();
        Nd4j.getRandom().setSeed(1);
        SDVariable features = graph.placeHolder("features", DataType.FLOAT, -1, 4);
        SDVariable labels = graph.placeHolder("labels", DataType.FLOAT, -1, 3);
        SDVariable hidden = graph.nn.relu(features.mmul(graph.var("hidden/w", Nd4j.randn(DataType.FLOAT, 4, 8))), 0);
        SDVariable logits = hidden.mmul(graph.var("logits/w", Nd4j.randn(DataType.FLOAT, 8, 3)));
        graph.loss.softmaxCrossEntropy("loss", labels, logits, null);
        graph.setLossVariables("loss");
        return graph;
    }

    @Test
    void checkpoints() {
        int batchesPerEpoch = Given.ITERATIONS;
        int epochs = 3;
        Path path = directory.resolve("checkpoints");
        // tag::checkpoint
        CheckpointDirectory checkpoints = new CheckpointDirectory(path);
        MultiLayerNetwork net = checkpoints
                .newest()
                .map(saved -> saved.restoreMultiLayerNetwork(batchesPerEpoch)) // with its constraint
                .orElseGet(() -> freshWithConstraint());
        net.setListeners(
                checkpoints.newRun().saveEveryNIterations(100).keepLast(2).build());
        ResumableTraining.fit(net, epochs, batchesPerEpoch, epoch -> batchesOf(epoch));
        // end::checkpoint
        assertThat(net.getEpochCount()).isEqualTo(epochs);
    }

    private static MultiLayerNetwork freshWithConstraint() {
        MultiLayerNetwork net = Given.network();
        Askew.fromScratch(3, Given.ITERATIONS).build().install(net);
        return net;
    }

    private static Batches batchesOf(int epoch) {
        return Batches.shuffled(Given.split().train(), Given.BATCH, epoch);
    }

    @Test
    void packedFiles() throws IOException {
        MultiLayerNetwork net = freshWithConstraint();
        net.fit(train, 3);
        QuantizedModel model = Askew.fromScratch(3, Given.ITERATIONS).build().quantize(net, train);
        Path file = directory.resolve("iris.askew");
        float[] measures = {5.1f, 3.5f, 1.4f, 0.2f};
        DataNormalization normalizer = new NormalizerStandardize();
        normalizer.fit(Iris.read(1).train());
        // tag::packed
        model.withLabels(List.of("setosa", "versicolor", "virginica"))
                .withNormalization(normalizer) // how features were prepared; stored, and applied by edge alone
                .save(file);

        EdgeModel edge = EdgeModel.load(file).normalizing();
        String species = edge.labels().get(edge.classify(measures));

        EdgeSession session = edge.newSession(); // one for each thread: predicting then allocates nothing
        float[] scores = new float[edge.outputSize()];
        session.predict(measures, scores);
        // end::packed
        assertThat(species).isIn("setosa", "versicolor", "virginica");
        assertThat(scores[0] + scores[1] + scores[2]).isBetween(0.999f, 1.001f);
    }

    @Test
    void comparing() {
        int epochs = 5;
        int iterationsPerEpoch = Given.ITERATIONS;
        // tag::compare
        List<QuantizedTraining> methods = List.of(
                Askew.fromScratch(epochs, iterationsPerEpoch)
                        .grid(Grid.ternary())
                        .build(),
                BinaryConnect.builder().grid(Grid.ternary()).build(),
                PostTrainingQuantization.builder().grid(Grid.ternary()).build());
        for (QuantizedTraining method : methods) {
            MultiLayerNetwork net = freshNetwork();
            method.install(net);
            net.fit(train, epochs);
            System.out.println(method.getClass().getSimpleName() + ": "
                    + method.quantize(net, train).evaluate(test).accuracy());
        }
        // end::compare
        assertThat(methods).hasSize(3);
    }

    @Test
    void forecasting() {
        MultiLayerNetwork net = Given.network();
        net.fit(train, 5);
        // tag::forecast
        QuantizedModel model = PostTrainingQuantization.builder().build().quantize(net, train);
        PredictionForecast forecast = PredictionForecast.of(net, model, test);
        System.out.println(
                forecast); // how many predictions are expected to change, and how many each layer changes alone
        for (PredictionForecast.Example example : forecast.mostAtRisk(10)) {
            System.out.println(example);
        }
        // end::forecast
        assertThat(forecast.mostAtRisk(10)).hasSize(10);
        assertThat(forecast.layers()).hasSameSizeAs(model.parameters());
    }

    private static MultiLayerNetwork freshNetwork() {
        return Given.network();
    }
}
