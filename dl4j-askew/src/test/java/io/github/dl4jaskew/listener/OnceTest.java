package io.github.dl4jaskew.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jaskew.Askew;
import io.github.dl4jaskew.grid.Scale;
import io.github.dl4jaskew.internal.install.InstalledParameter;
import io.github.dl4jaskew.interval.Stage;
import io.github.dl4jaskew.plan.LearningRateUnit;
import io.github.dl4jaskew.testkit.Nets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/** In each iteration every constrained parameter is skewed, scaled and clipped once, and nothing else is. */
class OnceTest {

    private static final int ITERATIONS = 3;

    /** What has run how often: kind, and offset of the parameter or index of the layer. */
    private final Map<String, Integer> runs = new TreeMap<>();

    private final AtomicInteger rules = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({"STEP, false", "STEP, true", "GRADIENT, false", "GRADIENT, true"})
    void eachParameter(Stage stage, boolean graph) {
        Model network = graph ? Nets.graph(new Adam(0.05)) : Nets.mlp(new Adam(0.05));
        Askew recipe = Askew.builder()
                .epsilon(new CountingSchedule(rules))
                .scale(Scale.meanAbs())
                .restoringRate(0.1)
                .stage(stage)
                .learningRateUnit(LearningRateUnit.CELL)
                .build();
        if (network instanceof MultiLayerNetwork list) {
            recipe.install(list);
        } else {
            recipe.install((ComputationGraph) network);
        }
        int parameters = InstalledParameter.of(network).size();
        assertThat(parameters).isEqualTo(graph ? 4 : 2);
        for (Layer layer : layers(network)) {
            count(layer);
        }
        rules.set(0);

        Nets.fit(network, ITERATIONS);

        assertThat(rules).hasValue(ITERATIONS * parameters);
        // At stage STEP the unit of the cell and the clip are part of the rule.
        int kinds = stage == Stage.STEP ? 1 : 3;
        assertThat(runs).hasSize(kinds * parameters);
        assertThat(runs.values()).containsOnly(ITERATIONS);
    }

    private static Layer[] layers(Model network) {
        return network instanceof MultiLayerNetwork list ? list.getLayers() : ((ComputationGraph) network).getLayers();
    }

    private void count(Layer layer) {
        if (layer.conf().getLayer() instanceof BaseLayer conf) {
            conf.setRegularization(conf.getRegularization().stream()
                    .map(r -> (Regularization) new CountingRegularization(r, runs))
                    .toList());
        }
        if (layer.conf().getLayer().getConstraints() != null) {
            layer.conf()
                    .getLayer()
                    .setConstraints(layer.conf().getLayer().getConstraints().stream()
                            .filter(c -> !c.getClass()
                                    .getSimpleName()
                                    .equals("ConstraintGuard")) // it would miss what is wrapped
                            .map(c -> (LayerConstraint) new CountingConstraint(c, runs))
                            .toList());
        }
    }

    /** eps = 0.3; the rule asks for it each time that it runs. */
    private record CountingSchedule(AtomicInteger count) implements ISchedule {
        @Override
        public double valueAt(int iteration, int epoch) {
            count.incrementAndGet();
            return 0.3;
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public CountingSchedule clone() {
            return this;
        }
    }

    private record CountingRegularization(Regularization counted, Map<String, Integer> runs) implements Regularization {
        @Override
        public ApplyStep applyStep() {
            return counted.applyStep();
        }

        @Override
        public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
            runs.merge(counted.getClass().getSimpleName() + " " + param.offset(), 1, Integer::sum);
            counted.apply(param, gradView, lr, iteration, epoch);
        }

        @Override
        public double score(INDArray param, int iteration, int epoch) {
            return counted.score(param, iteration, epoch);
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public Regularization clone() {
            return this;
        }
    }

    private record CountingConstraint(LayerConstraint counted, Map<String, Integer> runs) implements LayerConstraint {
        @Override
        public void applyConstraint(Layer layer, int iteration, int epoch) {
            runs.merge(counted.getClass().getSimpleName() + " " + layer.getIndex(), 1, Integer::sum);
            counted.applyConstraint(layer, iteration, epoch);
        }

        @Override
        public Set<String> getParams() {
            return counted.getParams();
        }

        @Override
        public void setParams(Set<String> params) {
            counted.setParams(params);
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public LayerConstraint clone() {
            return this;
        }
    }
}
