package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.examples.data.LogisticData;
import io.github.dl4jaskew.examples.data.Mnist;
import io.github.dl4jaskew.examples.data.Split;
import io.github.dl4jaskew.examples.data.TwoMoons;
import io.github.dl4jaskew.examples.task.LogisticTask;
import io.github.dl4jaskew.examples.task.Task;
import io.github.dl4jaskew.examples.task.TwoMoonsTask;
import io.github.dl4jaskew.grid.Grid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the study is made of, in its full and its quick form. */
final class Problems {

    /** The last sixth of the training set, 10,000 of MNIST's digits, is seen by no training that tunes a learning rate. */
    private static final int HELD_OUT_SHARE = 6;

    private static final List<Grid> ALL_GRIDS =
            List.of(Grid.binary(), Grid.ternary(), Grid.uniform(2), Grid.uniform(3), Grid.uniform(4));
    private static final List<Grid> BINARY = List.of(Grid.binary());

    private static final int MLP_EPOCHS = 20;
    private static final int LENET_EPOCHS = 10;
    private static final int LENET_TUNING_EPOCHS = 5;

    /** Of 50,000 digits they are as many iterations as ten of 10,000. */
    private static final int SHORT_TUNING_EPOCHS = 2;

    private static final int QUICK_EPOCHS = 6;
    private static final int QUICK_TUNING_EPOCHS = 4;
    private static final int QUICK_SEEDS = 2;
    private static final int QUICK_SMALL_SEEDS = 3;
    private static final int SMALL_SEEDS = 20;
    private static final int SMALL_EXAMPLES = 10_000;
    private static final int SEEDS = 5;
    private static final int SEEDS_OF_LONG_TRAININGS = 3;

    private static final List<Long> THREE_TRAININGS = List.of(101L, 102L, 103L);

    private static final List<Long> ONE_TRAINING = List.of(101L);

    private Problems() {}

    /** A meaningful part in a few minutes: two small problems, and the MLP with batch norm on 10,000 digits. */
    static List<Problem> quick(Path data) throws IOException {
        Split digits = Mnist.read(data);
        List<Problem> problems = new ArrayList<>(small(QUICK_SMALL_SEEDS));
        problems.add(new Problem(
                "mnist-10000",
                StudyNetwork.name(StudyNetwork.Kind.MLP_BN, StudyNetwork.Width.FLOAT),
                List.of(Grid.binary(), Grid.ternary()),
                QUICK_SEEDS,
                QUICK_EPOCHS,
                QUICK_TUNING_EPOCHS,
                new Digits(StudyNetwork.Kind.MLP_BN, StudyNetwork.Width.FLOAT, digits, 10_000, ONE_TRAINING)));
        return problems;
    }

    /** Everything; binary activations and those of four bits with the weights of the paper's [W1/A1], [W2/A4] and [W4/A4]. */
    static List<Problem> full(Path data) throws IOException {
        Split digits = Mnist.read(data);
        List<Problem> problems = new ArrayList<>(small(SMALL_SEEDS));
        problems.add(lenet(StudyNetwork.Width.FLOAT, digits, 10_000, LENET_TUNING_EPOCHS, ALL_GRIDS));
        problems.add(mlp(StudyNetwork.Kind.MLP_BN, digits, 10_000));
        problems.add(mlp(StudyNetwork.Kind.MLP_BN, digits, 60_000));
        problems.add(lenet(StudyNetwork.Width.A1, digits, 10_000, LENET_TUNING_EPOCHS, BINARY));
        problems.add(lenet(
                StudyNetwork.Width.A4, digits, 10_000, LENET_TUNING_EPOCHS, List.of(Grid.uniform(2), Grid.uniform(4))));
        problems.add(lenet(StudyNetwork.Width.FLOAT, digits, 60_000, LENET_TUNING_EPOCHS, BINARY));
        problems.add(lenet(StudyNetwork.Width.A1, digits, 60_000, SHORT_TUNING_EPOCHS, BINARY));
        problems.add(mlp(StudyNetwork.Kind.MLP, digits, 10_000));
        problems.add(mlp(StudyNetwork.Kind.MLP, digits, 60_000));
        return problems;
    }

    /** Tuned by one training for each rate, as it takes long. */
    private static Problem lenet(
            StudyNetwork.Width activations, Split digits, int examples, int tuningEpochs, List<Grid> grids) {
        return new Problem(
                "mnist-" + examples,
                StudyNetwork.name(StudyNetwork.Kind.LENET, activations),
                grids,
                seeds(examples),
                LENET_EPOCHS,
                tuningEpochs,
                new Digits(StudyNetwork.Kind.LENET, activations, digits, examples, ONE_TRAINING));
    }

    /** Where it is short, tuned by several for each rate, as a single one says little where rates differ by some tenths of a percent. */
    private static Problem mlp(StudyNetwork.Kind kind, Split digits, int examples) {
        return new Problem(
                "mnist-" + examples,
                StudyNetwork.name(kind, StudyNetwork.Width.FLOAT),
                ALL_GRIDS,
                seeds(examples),
                MLP_EPOCHS,
                MLP_EPOCHS,
                new Digits(
                        kind,
                        StudyNetwork.Width.FLOAT,
                        digits,
                        examples,
                        examples <= SMALL_EXAMPLES ? THREE_TRAININGS : ONE_TRAINING));
    }

    private static int seeds(int examples) {
        return examples <= SMALL_EXAMPLES ? SEEDS : SEEDS_OF_LONG_TRAININGS;
    }

    /** The first digits of the training set; rates are tuned on them without those held out. */
    private record Digits(
            StudyNetwork.Kind kind, StudyNetwork.Width activations, Split digits, int examples, List<Long> tuningSeeds)
            implements Problem.Tasks {

        @Override
        public Task complete(long seed) {
            return new StudyNetwork(kind, activations, new Split(digits.firstTrain(examples), digits.test()));
        }

        @Override
        public Task heldOut(long seed) {
            int all = Math.toIntExact(digits.train().getFeatures().size(0));
            int rest = all - all / HELD_OUT_SHARE;
            int seen = Math.min(examples, rest);
            return new StudyNetwork(
                    kind, activations, new Split(digits.firstTrain(seen), rows(digits.train(), rest, all)));
        }
    }

    private static List<Problem> small(int seeds) {
        Moons moons = new Moons();
        Logistic logistic = new Logistic();
        int moonsEpochs = moons.complete(1).epochs();
        int logisticEpochs = logistic.complete(1).epochs();
        return List.of(
                new Problem("two-moons", "mlp 2-3-1", BINARY, seeds, moonsEpochs, moonsEpochs, moons),
                new Problem("logistic", "10-1", BINARY, seeds, logisticEpochs, logisticEpochs, logistic));
    }

    /** The paper's two moons, whose recipe of AskewSGD was chosen in its own study. */
    private record Moons() implements Problem.Tasks {

        @Override
        public Task complete(long seed) {
            return new TwoMoonsTask(seed);
        }

        @Override
        public Task heldOut(long seed) {
            return new TwoMoonsTask(withoutLastFifth(TwoMoons.generate(seed)));
        }

        @Override
        public List<Long> tuningSeeds() {
            return List.of(101L, 102L);
        }

        @Override
        public boolean hasOwnRecipe() {
            return true;
        }

        @Override
        public double ownRate() {
            return TwoMoonsTask.LEARNING_RATE;
        }
    }

    /** The paper's logistic regression, with the paper's own recipe of AskewSGD. */
    private record Logistic() implements Problem.Tasks {

        @Override
        public Task complete(long seed) {
            return new LogisticTask(seed);
        }

        @Override
        public Task heldOut(long seed) {
            LogisticData data = LogisticData.generate(seed);
            return new LogisticTask(new LogisticData(data.truth(), withoutLastFifth(data.split())));
        }

        @Override
        public List<Long> tuningSeeds() {
            return List.of(101L, 102L);
        }

        @Override
        public boolean hasOwnRecipe() {
            return true;
        }

        @Override
        public double ownRate() {
            return LogisticTask.LEARNING_RATE;
        }
    }

    private static Split withoutLastFifth(Split split) {
        int all = Math.toIntExact(split.train().getFeatures().size(0));
        int seen = all - all / 5;
        return new Split(split.firstTrain(seen), rows(split.train(), seen, all));
    }

    private static DataSet rows(DataSet data, int from, int to) {
        return new DataSet(
                data.getFeatures().get(NDArrayIndex.interval(from, to), NDArrayIndex.all()),
                data.getLabels().get(NDArrayIndex.interval(from, to), NDArrayIndex.all()));
    }
}
