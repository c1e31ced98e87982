package io.github.dl4jaskew.matrix;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.schedule.CosineSchedule;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ScheduleType;

/** One row of the matrix: what is set on the network and on the recipe, beside the defaults. Immutable. */
final class Setting implements Cloneable {

    private static final int ITERATIONS = 60;

    private String name;
    private boolean exact = true;
    private Consumer<NeuralNetConfiguration.Builder> network = b -> {};
    private Consumer<DenseLayer.Builder> hidden = b -> {};
    private UnaryOperator<Askew.Builder> recipe = r -> r;
    private IntFunction<IUpdater> plainUpdater = n -> new Adam(cosine(0.1, n));
    private IntFunction<IUpdater> updater = plainUpdater;
    private boolean batchNorm;
    private int batch = 20;
    private boolean seeded;
    private Consumer<Model> midway = m -> {};
    private boolean listOnly;
    private double freeStep = 0.003;

    private Setting(String name) {
        this.name = name;
    }

    static Setting named(String name) {
        return new Setting(name);
    }

    Setting renamed(String value) {
        return with(s -> s.name = value);
    }

    /** Falls from a learning rate to 0, so that the last steps are as short as eps promises. */
    static CosineSchedule cosine(double start, int iterations) {
        return new CosineSchedule(ScheduleType.ITERATION, start, iterations);
    }

    /** Says that DL4J alone does not resume bit for bit. */
    Setting inexact() {
        return with(s -> s.exact = false);
    }

    boolean plainIsExact() {
        return exact;
    }

    /** Says that DL4J alone cannot train a graph with it. */
    Setting listOnly() {
        return with(s -> s.listOnly = true);
    }

    boolean suits(Kind kind) {
        return !listOnly || kind == Kind.LIST;
    }

    /** Sets something on the whole network. */
    Setting network(Consumer<NeuralNetConfiguration.Builder> value) {
        return with(s -> s.network = value);
    }

    Consumer<NeuralNetConfiguration.Builder> network() {
        return network;
    }

    /** Sets something on the hidden layer. */
    Setting hidden(Consumer<DenseLayer.Builder> value) {
        return with(s -> s.hidden = value);
    }

    Consumer<DenseLayer.Builder> hidden() {
        return hidden;
    }

    /** Sets something on the recipe. */
    Setting recipe(UnaryOperator<Askew.Builder> value) {
        return with(s -> s.recipe = value);
    }

    UnaryOperator<Askew.Builder> recipe() {
        return recipe;
    }

    /** The network's updater, by the iterations of the training. */
    Setting updater(IntFunction<IUpdater> value) {
        return updaters(value, value);
    }

    /** The updater without and with the constraint. */
    Setting updaters(IntFunction<IUpdater> plain, IntFunction<IUpdater> constrained) {
        return with(s -> {
            s.plainUpdater = plain;
            s.updater = constrained;
        });
    }

    IUpdater updater(boolean constrained) {
        return (constrained ? updater : plainUpdater).apply(iterations());
    }

    /** Puts a batch norm behind the hidden layer. */
    Setting withBatchNorm() {
        return with(s -> s.batchNorm = true);
    }

    boolean hasBatchNorm() {
        return batchNorm;
    }

    /** Rows of a minibatch. */
    Setting batch(int value) {
        return with(s -> s.batch = value);
    }

    int batch() {
        return batch;
    }

    /** Seeds ND4J's random numbers before every iteration. */
    Setting seeded() {
        return with(s -> s.seeded = true);
    }

    boolean isSeeded() {
        return seeded;
    }

    /** What happens to the network half way, before it is saved. */
    Setting midway(Consumer<Model> value) {
        return with(s -> s.midway = value);
    }

    Consumer<Model> midway() {
        return midway;
    }

    /** The largest step of a weight on its level at the end of the training, in half cells. */
    Setting freeStep(double value) {
        return with(s -> s.freeStep = value);
    }

    double freeStep() {
        return freeStep;
    }

    /** An even number. */
    int epochs() {
        return 2 * Math.max(1, ITERATIONS / (2 * batchesPerEpoch()));
    }

    int batchesPerEpoch() {
        return Clusters.batchesPerEpoch(batch);
    }

    int iterations() {
        return epochs() * batchesPerEpoch();
    }

    private Setting with(Consumer<Setting> change) {
        try {
            Setting copy = (Setting) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
