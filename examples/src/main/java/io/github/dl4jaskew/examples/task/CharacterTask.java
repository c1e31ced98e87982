package io.github.dl4jaskew.examples.task;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.baseline.PostTrainingQuantization;
import io.github.dl4jaskew.examples.data.GrammarText;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.quantized.QuantizedModel;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Predicts the next character of {@link GrammarText} with an LSTM, trained by truncated backpropagation through time: of
 * each minibatch of sequences DL4J makes {@value #SEGMENTS} segments, and counts each as an iteration.
 */
public final class CharacterTask {

    /** Segments of a sequence. */
    static final int SEGMENTS = 2;

    private static final int SEGMENT = 25;
    private static final int STEPS = SEGMENTS * SEGMENT;
    private static final int BATCHES = 8;
    private static final int BATCH = 25;
    private static final int TEST = 100;

    private final long seed;
    private final int units;
    private final int epochs;
    private final List<DataSet> train;
    private final DataSet test;

    /**
     * A task.
     *
     * @param seed decides texts and first weights
     * @param units cells of the LSTM, at least 1
     * @param epochs length of each training, at least 1
     */
    public CharacterTask(long seed, int units, int epochs) {
        this.seed = seed;
        this.units = units;
        this.epochs = epochs;
        int length = BATCHES * BATCH * STEPS + 1;
        this.train =
                GrammarText.sequences(GrammarText.generate(length, seed), STEPS).batchBy(BATCH);
        this.test = GrammarText.sequences(GrammarText.generate(TEST * STEPS + 1, -1 - seed), STEPS);
    }

    /**
     * Trains without constraint.
     *
     * @return the network
     */
    public MultiLayerNetwork trainFloat() {
        MultiLayerNetwork network = network();
        network.fit(new ExistingDataSetIterator(train), epochs);
        return network;
    }

    /**
     * Rounds a network to its nearest levels, with a scale of least squared error for each unit of each gate.
     *
     * @param trained a float network, which is not changed
     * @param grid the levels
     * @return the rounded network
     */
    public QuantizedModel round(MultiLayerNetwork trained, Grid grid) {
        return PostTrainingQuantization.builder()
                .grid(grid)
                .scale(Scale.mse().perChannel())
                .build()
                .quantize(trained);
    }

    /**
     * Trains a float network on with AskewSGD, for as many epochs again.
     *
     * @param trained a float network, which is not changed
     * @param grid the levels
     * @return the quantized network
     */
    public QuantizedModel trainAskew(MultiLayerNetwork trained, Grid grid) {
        MultiLayerNetwork network = trained.clone();
        Askew askew =
                Askew.fromTrained(epochs, train.size() * SEGMENTS).grid(grid).build();
        askew.install(network);
        network.fit(new ExistingDataSetIterator(train), epochs);
        return askew.quantize(network);
    }

    private MultiLayerNetwork network() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.01))
                .weightInit(WeightInit.XAVIER)
                .list()
                .layer(new LSTM.Builder().name("lstm").nOut(units).build())
                .layer(new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .name("output")
                        .nOut(GrammarText.ALPHABET.length())
                        .activation(Activation.SOFTMAX)
                        .build())
                .backpropType(BackpropType.TruncatedBPTT)
                .tBPTTLength(SEGMENT)
                .setInputType(InputType.recurrent(GrammarText.ALPHABET.length()))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    /**
     * How well a network predicts a text that it has not seen.
     *
     * @param network any network of this task
     * @return mean cross-entropy of a character, in bits
     */
    public double bitsPerCharacter(MultiLayerNetwork network) {
        INDArray likely =
                network.output(test.getFeatures()).mul(test.getLabels()).sum(1);
        return -Transforms.log(likely).meanNumber().doubleValue() / Math.log(2);
    }

    /**
     * How often the most likely character is the right one.
     *
     * @param network any network of this task
     * @return share of the characters of the test text
     */
    public double accuracy(MultiLayerNetwork network) {
        INDArray right = network.output(test.getFeatures())
                .argMax(1)
                .eq(test.getLabels().argMax(1))
                .castTo(test.getFeatures().dataType());
        return right.meanNumber().doubleValue();
    }

    /**
     * Lets a network write.
     *
     * @param network any network of this task
     * @param length number of characters
     * @return characters drawn from the network's predictions, behind a full stop that it does not show
     */
    public String sample(MultiLayerNetwork network, int length) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        network.rnnClearPreviousState();
        int last = GrammarText.number('.');
        for (int i = 0; i <= length; i++) {
            INDArray character = Nd4j.zeros(1, GrammarText.ALPHABET.length());
            character.putScalar(0, last, 1);
            INDArray next = network.rnnTimeStep(character);
            double left = random.nextDouble();
            last = 0;
            while (last < GrammarText.ALPHABET.length() - 1 && left >= next.getDouble(last)) {
                left -= next.getDouble(last);
                last++;
            }
            text.append(GrammarText.ALPHABET.charAt(last));
        }
        return text.toString().strip();
    }
}
