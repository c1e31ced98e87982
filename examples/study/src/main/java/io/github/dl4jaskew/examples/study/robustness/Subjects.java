package io.github.dl4jaskew.examples.study.robustness;

import io.github.dl4jaskew.examples.data.DrawnDigits;
import io.github.dl4jaskew.examples.data.GrammarText;
import io.github.dl4jaskew.examples.data.LogisticData;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.data.TwoMoons;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Networks that people have, each on data that is small or made up. */
final class Subjects {

    private static final int DIGITS = 4000;
    private static final int TEST_DIGITS = 2000;
    private static final int DIGIT_BATCH = 64;
    private static final int DIGIT_EPOCHS = 8;
    private static final int PIXELS = Mnist.SIDE * Mnist.SIDE;

    private static final int TOKENS = 20;
    private static final int STEPS = 12;
    private static final int TOPICS = 4;

    private Subjects() {}

    /** What is drawn and made up and, if there is a directory, two networks on the images in it. */
    static List<Subject> all(@Nullable Path images) throws IOException {
        Split digits = DrawnDigits.generate(DIGITS, TEST_DIGITS, 1);
        List<Subject> subjects = new ArrayList<>();
        subjects.add(digits("dense, drawn digits", digits, Subjects::dense));
        subjects.add(digits("dense without biases, drawn digits", digits, b -> dense(b, false, false)));
        subjects.add(digits("dense with batch norm, drawn digits", digits, b -> dense(b, false, true)));
        subjects.add(digits("LeNet, drawn digits", digits, Subjects::lenet));
        subjects.add(regression("sin(x)", 1, x -> Math.sin(Math.PI * x[0]), 32));
        subjects.add(regression("regression, 8 features", 8, Subjects::surface, 64));
        subjects.add(oneUnit());
        subjects.add(moons());
        subjects.add(characters());
        subjects.add(tokens(
                "embedding and LSTM",
                b -> b.list()
                        .layer(embedding())
                        .layer(new LastTimeStep(new LSTM.Builder().nOut(24).build()))
                        .layer(output(LossFunction.MCXENT, Activation.SOFTMAX, TOPICS))
                        .setInputType(InputType.recurrent(TOKENS))
                        .build()));
        subjects.add(tokens(
                "embedding and self-attention",
                b -> b.list()
                        .layer(embedding())
                        .layer(new SelfAttentionLayer.Builder()
                                .nOut(16)
                                .nHeads(2)
                                .projectInput(true)
                                .build())
                        .layer(new GlobalPoolingLayer(PoolingType.AVG))
                        .layer(output(LossFunction.MCXENT, Activation.SOFTMAX, TOPICS))
                        .setInputType(InputType.recurrent(TOKENS))
                        .build()));
        if (images != null) {
            Split files = Mnist.read(images);
            Split some = new Split(files.firstTrain(DIGITS), files.test());
            subjects.add(digits("dense, " + images.getFileName(), some, Subjects::dense));
            subjects.add(digits("LeNet, " + images.getFileName(), some, Subjects::lenet));
        }
        return subjects;
    }

    private static Subject digits(
            String name, Split split, Function<NeuralNetConfiguration.Builder, MultiLayerConfiguration> layers) {
        return new Subject(name, Metric.ACCURACY, layers, split.train(), split.test(), DIGIT_BATCH, DIGIT_EPOCHS);
    }

    private static MultiLayerConfiguration dense(NeuralNetConfiguration.Builder builder) {
        return dense(builder, true, false);
    }

    /** Two hidden layers; batch norm, if there is any, is not behind the last layer. */
    private static MultiLayerConfiguration dense(
            NeuralNetConfiguration.Builder builder, boolean bias, boolean batchNorm) {
        NeuralNetConfiguration.ListBuilder list =
                builder.weightInit(WeightInit.RELU).list();
        for (int i = 0; i < 2; i++) {
            list.layer(new DenseLayer.Builder()
                    .nOut(128)
                    .hasBias(bias)
                    .activation(batchNorm ? Activation.IDENTITY : Activation.RELU)
                    .build());
            if (batchNorm) {
                list.layer(new BatchNormalization());
                list.layer(new ActivationLayer(Activation.RELU));
            }
        }
        return list.layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(Mnist.CLASSES)
                        .hasBias(bias)
                        .activation(Activation.SOFTMAX)
                        .weightInit(WeightInit.XAVIER)
                        .build())
                .setInputType(InputType.feedForward(PIXELS))
                .build();
    }

    /** As in DL4J's examples, with fewer filters: no batch norm, identity in front of the pooling. */
    private static MultiLayerConfiguration lenet(NeuralNetConfiguration.Builder builder) {
        return builder.weightInit(WeightInit.XAVIER)
                .list()
                .layer(convolution(10))
                .layer(pooling())
                .layer(convolution(25))
                .layer(pooling())
                .layer(new DenseLayer.Builder()
                        .nOut(100)
                        .activation(Activation.RELU)
                        .build())
                .layer(output(LossFunction.NEGATIVELOGLIKELIHOOD, Activation.SOFTMAX, Mnist.CLASSES))
                .setInputType(InputType.convolutionalFlat(Mnist.SIDE, Mnist.SIDE, 1))
                .build();
    }

    private static Layer convolution(int filters) {
        return new ConvolutionLayer.Builder(5, 5)
                .nOut(filters)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static Layer pooling() {
        return new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build();
    }

    private static Layer output(LossFunction loss, Activation activation, int units) {
        return new OutputLayer.Builder(loss).nOut(units).activation(activation).build();
    }

    private static Layer embedding() {
        return new EmbeddingSequenceLayer.Builder().nIn(TOKENS).nOut(16).build();
    }

    private static Subject regression(String name, int features, ToDoubleFunction<double[]> function, int units) {
        Random random = new Random(features);
        return new Subject(
                name,
                Metric.MSE,
                b -> b.weightInit(WeightInit.RELU)
                        .list()
                        .layer(hidden(units))
                        .layer(hidden(units))
                        .layer(output(LossFunction.MSE, Activation.IDENTITY, 1))
                        .setInputType(InputType.feedForward(features))
                        .build(),
                examples(2000, features, function, random),
                examples(1000, features, function, random),
                32,
                40);
    }

    private static Layer hidden(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    private static DataSet examples(int count, int features, ToDoubleFunction<double[]> function, Random random) {
        float[][] inputs = new float[count][features];
        float[][] values = new float[count][1];
        for (int i = 0; i < count; i++) {
            double[] x = random.doubles(features, -1, 1).toArray();
            for (int j = 0; j < features; j++) {
                inputs[i][j] = (float) x[j];
            }
            values[i][0] = (float) function.applyAsDouble(x);
        }
        return new DataSet(Nd4j.create(inputs), Nd4j.create(values));
    }

    /** Some features act together, some alone, two not at all. */
    private static double surface(double[] x) {
        return Math.sin(2 * (x[0] + x[1])) + x[2] * x[3] + 0.5 * x[4] - x[5] * x[5];
    }

    private static Subject oneUnit() {
        Split split = LogisticData.generate(1).split();
        int seen = 4000;
        return new Subject(
                "one sigmoid unit",
                Metric.ACCURACY,
                b -> b.list()
                        .layer(output(LossFunction.XENT, Activation.SIGMOID, 1))
                        .setInputType(InputType.feedForward(LogisticData.DIMENSION))
                        .build(),
                Subject.rows(split.train(), 0, seen),
                Subject.rows(split.train(), seen, split.train().numExamples()),
                50,
                15);
    }

    private static Subject moons() {
        Split split = TwoMoons.generate(1);
        return new Subject(
                "two moons",
                Metric.ACCURACY,
                b -> b.weightInit(WeightInit.RELU)
                        .list()
                        .layer(hidden(16))
                        .layer(hidden(16))
                        .layer(output(LossFunction.XENT, Activation.SIGMOID, 1))
                        .setInputType(InputType.feedForward(2))
                        .build(),
                split.train(),
                TwoMoons.generate(2).train(),
                50,
                30);
    }

    private static Subject characters() {
        int steps = 25;
        DataSet train = GrammarText.sequences(GrammarText.generate(400 * steps + 1, 1), steps);
        DataSet test = GrammarText.sequences(GrammarText.generate(200 * steps + 1, 2), steps);
        int letters = GrammarText.ALPHABET.length();
        return new Subject(
                "character LSTM",
                Metric.ACCURACY,
                b -> b.list()
                        .layer(new LSTM.Builder().nOut(48).build())
                        .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .nOut(letters)
                                .activation(Activation.SOFTMAX)
                                .build())
                        .setInputType(InputType.recurrent(letters))
                        .build(),
                train,
                test,
                20,
                30);
    }

    private static Subject tokens(
            String name, Function<NeuralNetConfiguration.Builder, MultiLayerConfiguration> layers) {
        Random random = new Random(1);
        return new Subject(name, Metric.ACCURACY, layers, sentences(2000, random), sentences(1000, random), 50, 20);
    }

    /** Sequences of tokens, each of a topic; a sentence's topic is that of a half of its tokens, the others are of any. */
    private static DataSet sentences(int count, Random random) {
        INDArray tokens = Nd4j.zeros(count, 1, STEPS);
        float[][] labels = new float[count][TOPICS];
        for (int i = 0; i < count; i++) {
            int topic = random.nextInt(TOPICS);
            labels[i][topic] = 1;
            for (int t = 0; t < STEPS; t++) {
                int own = topic + TOPICS * random.nextInt(TOKENS / TOPICS);
                tokens.putScalar(i, 0, t, random.nextBoolean() ? own : random.nextInt(TOKENS));
            }
        }
        return new DataSet(tokens, Nd4j.create(labels));
    }
}
