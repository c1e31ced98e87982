package io.github.dl4jaskew.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.AskewNets;
import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.listener.PlateauListener;
import io.github.dl4jaskew.schedule.PlateauAnnealing;
import io.github.dl4jaskew.testkit.Nets;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.AdaMax;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** What is installed on one network reaches no other, whatever configuration objects DL4J lets them share. */
class OwnConfigurationTest {

    private static final int STEPS = 3;

    /** Its updater's rate does not depend on counts, which networks of one configuration object share. */
    private static NeuralNetConfiguration.Builder base() {
        return Nets.base(new Sgd(0.3));
    }

    private static MultiLayerConfiguration sequence(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base().list();
        Stream.of(layers).forEach(list::layer);
        return list.layer(Nets.output("output", 5, Nets.OUT)).build();
    }

    private static LSTM lstm() {
        return new LSTM.Builder().nIn(Nets.IN).nOut(5).build();
    }

    private static DenseLayer dense(int in) {
        return Nets.dense("dense", in, 5);
    }

    private enum Kind {
        NETWORK(() -> Nets.mlpConf(new Sgd(0.3))),
        GRAPH(() -> Nets.graphConf(new Sgd(0.3))),
        LAST_TIME_STEP(() -> sequence(new LastTimeStep(lstm()))),
        MASK_ZERO(() -> sequence(new LastTimeStep(new MaskZeroLayer(lstm(), -7)))),
        BIDIRECTIONAL(() -> sequence(new LastTimeStep(new Bidirectional(Bidirectional.Mode.ADD, lstm())))),
        TIME_DISTRIBUTED(() -> sequence(
                new TimeDistributed(dense(Nets.IN)),
                new LastTimeStep(new LSTM.Builder().nIn(5).nOut(5).build()))),
        FROZEN(() -> sequence(new FrozenLayer(new LastTimeStep(lstm())), dense(5))),
        FROZEN_WITH_BACKPROP(() -> sequence(new LastTimeStep(lstm()), new FrozenLayerWithBackprop(dense(5)))),
        WRAPPED_IN_A_GRAPH(() -> base().graphBuilder()
                .addInputs("in")
                .addLayer("both", new LastTimeStep(new Bidirectional(Bidirectional.Mode.ADD, lstm())), "in")
                .addLayer("output", Nets.output("output", 5, Nets.OUT), "both")
                .setOutputs("output")
                .build());

        private final Supplier<Object> configuration;

        Kind(Supplier<Object> configuration) {
            this.configuration = configuration;
        }

        private void train(Model network) {
            if (this == GRAPH || this == NETWORK) {
                Nets.fit(network, STEPS);
                return;
            }
            DataSet data = new DataSet(Nets.normal(3, 6, Nets.IN, 4), Nets.oneHot(4, 6, Nets.OUT));
            for (int i = 0; i < STEPS; i++) {
                if (network instanceof MultiLayerNetwork list) {
                    list.fit(data);
                } else {
                    ((ComputationGraph) network).fit(data);
                }
            }
        }

        private float[] trained(Model network) {
            train(network);
            return Nets.params(network);
        }
    }

    private static Model build(Object configuration) {
        return configuration instanceof MultiLayerConfiguration list
                ? Nets.init(list)
                : Nets.init((ComputationGraphConfiguration) configuration);
    }

    private static Object copyOf(Object configuration) {
        return configuration instanceof MultiLayerConfiguration list
                ? list.clone()
                : ((ComputationGraphConfiguration) configuration).clone();
    }

    private static Model cloneOf(Model network) {
        return network instanceof MultiLayerNetwork list ? list.clone() : ((ComputationGraph) network).clone();
    }

    private static Askew askew() {
        return AskewNets.closing().grid(Grid.ternary()).updater(new AdaMax(0.1)).build();
    }

    private static void install(Askew askew, Object target) {
        if (target instanceof MultiLayerNetwork network) {
            askew.install(network);
        } else if (target instanceof ComputationGraph network) {
            askew.install(network);
        } else if (target instanceof MultiLayerConfiguration configuration) {
            askew.install(configuration);
        } else {
            askew.install((ComputationGraphConfiguration) target);
        }
    }

    private static boolean uninstall(Model network) {
        return network instanceof MultiLayerNetwork list
                ? Askew.uninstall(list)
                : Askew.uninstall((ComputationGraph) network);
    }

    private static float[] expectedFloat(Kind kind) {
        return kind.trained(build(kind.configuration.get()));
    }

    private static float[] expectedConstrained(Kind kind) {
        Model network = build(kind.configuration.get());
        install(askew(), network);
        return kind.trained(network);
    }

    @ParameterizedTest
    @EnumSource
    void otherNetworksOfTheConfigurationStayFloat(Kind kind) {
        float[] constrained = expectedConstrained(kind);
        assertThat(constrained).isNotEqualTo(expectedFloat(kind));
        Object shared = kind.configuration.get();
        Model before = build(shared);
        // Folds of a cross validation, each from the same object.
        for (int fold = 0; fold < 2; fold++) {
            Model chosen = build(shared);
            install(askew(), chosen);
            assertThat(kind.trained(chosen)).isEqualTo(constrained);
        }
        assertThat(kind.trained(build(shared))).isEqualTo(expectedFloat(kind));
        assertThat(kind.trained(before)).isEqualTo(expectedFloat(kind));
        assertThat(uninstall(before)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void clonesAreApartBeforeAndAfterTheInstallation(Kind kind) {
        Model original = build(kind.configuration.get());
        Model constrained = cloneOf(original);
        install(askew(), constrained);
        Model freed = cloneOf(constrained);
        Model alsoConstrained = cloneOf(constrained);
        assertThat(uninstall(freed)).isTrue();
        assertThat(InstalledParameter.of(constrained)).isNotEmpty();
        assertThat(kind.trained(constrained)).isEqualTo(expectedConstrained(kind));
        assertThat(kind.trained(alsoConstrained)).isEqualTo(expectedConstrained(kind));
        assertThat(kind.trained(original)).isEqualTo(expectedFloat(kind));
        assertThat(kind.trained(freed)).isEqualTo(expectedFloat(kind));
        assertThat(uninstall(original)).isFalse();
        assertThat(uninstall(constrained)).isTrue();
        assertThat(uninstall(alsoConstrained)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void clonesOfAConfigurationAreApart(Kind kind) {
        Object configuration = kind.configuration.get();
        Model before = build(configuration);
        Object one = copyOf(configuration);
        Object two = copyOf(configuration);
        install(askew(), one);
        install(askew(), two);
        install(askew(), configuration);
        assertThat(kind.trained(build(one))).isEqualTo(expectedConstrained(kind));
        assertThat(kind.trained(build(two))).isEqualTo(expectedConstrained(kind));
        assertThat(kind.trained(build(configuration))).isEqualTo(expectedConstrained(kind));
        assertThat(kind.trained(before)).isEqualTo(expectedFloat(kind));
    }

    /** The configuration that is saved is the one that the layers train with. */
    @ParameterizedTest
    @EnumSource
    void layersAndNetworkHaveTheSameConfiguration(Kind kind) {
        Model network = build(kind.configuration.get());
        install(askew(), network);
        Model again = build(
                network instanceof MultiLayerNetwork list
                        ? MultiLayerConfiguration.fromJson(
                                list.getLayerWiseConfigurations().toJson())
                        : ComputationGraphConfiguration.fromJson(
                                ((ComputationGraph) network).getConfiguration().toJson()));
        assertThat(kind.trained(again)).isEqualTo(kind.trained(network));
        assertThat(uninstall(network)).isTrue();
        install(askew(), network);
    }

    /** Counts belong to the configuration object too: a network in training must not begin its schedules again. */
    @Test
    void countsOfOtherNetworksGoOn() {
        MultiLayerConfiguration shared = Nets.mlpConf(new Adam(0.1));
        MultiLayerNetwork other = Nets.init(shared);
        Nets.fit(other, STEPS);
        MultiLayerNetwork chosen = Nets.init(shared);
        install(askew(), chosen);
        assertThat(other.getIterationCount()).isEqualTo(STEPS);
        assertThat(chosen.getIterationCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void plateausOfClonesAreApart(Kind kind) {
        Askew askew = Askew.builder().epsilon(new PlateauAnnealing(0.5)).build();
        Model original = build(kind.configuration.get());
        install(askew, original);
        Model copy = cloneOf(original);
        PlateauListener.report(copy, 1);
        assertThat(PlateauListener.report(copy, 1)).isTrue();
        assertThat(epsilons(copy)).containsOnly(0.5);
        assertThat(epsilons(original)).containsOnly(1.0);
    }

    private static List<Double> epsilons(Model network) {
        return InstalledParameter.of(network).stream()
                .map(p -> p.step().epsilonAt(0, 0))
                .toList();
    }
}
