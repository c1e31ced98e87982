package io.github.dl4jaskew.margin.homogeneity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.homogeneity.Reason.Kind;
import io.github.dl4jaskew.margin.internal.network.TrainedParameters;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex.Op;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;

class HomogeneityOfGraphsTest {

    @ParameterizedTest
    @EnumSource(
            value = PoolingType.class,
            names = {"MAX", "AVG", "PNORM"})
    void convolutionsCountAndPoolingDoesNot(PoolingType pooling) {
        SubsamplingLayer.PoolingType type = SubsamplingLayer.PoolingType.valueOf(pooling.name());
        MultiLayerNetwork network = Nets.images(
                convolution("first", 4, 3, true),
                new SubsamplingLayer.Builder(type)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .pnorm(2)
                        .build(),
                new SeparableConvolution2D.Builder()
                        .kernelSize(2, 2)
                        .nOut(3)
                        .hasBias(false)
                        .build(),
                new ZeroPaddingLayer(1, 1),
                new DepthwiseConvolution2D.Builder()
                        .kernelSize(2, 2)
                        .nOut(3)
                        .hasBias(false)
                        .build(),
                new Upsampling2D.Builder(2).build(),
                new Deconvolution2D.Builder()
                        .kernelSize(2, 2)
                        .nOut(2)
                        .hasBias(false)
                        .build(),
                new GlobalPoolingLayer.Builder(pooling).pnorm(2).build(),
                Nets.softmax(false));
        assertThat(Homogeneity.of(network).degree()).hasValue(6);
        HomogeneityCheck check = HomogeneityCheck.of(network, Nets.imageFeatures());
        assertThat(check.deviation()).isLessThan(1e-12);
        assertThat(check.eulerResidual().getAsDouble()).isLessThan(1e-10);
    }

    @Test
    void flatteningKeepsTheDegree() {
        MultiLayerNetwork network =
                Nets.images(convolution("first", 4, 3, true), Nets.dense("flat", false), Nets.softmax(false));
        assertThat(Homogeneity.of(network).degree()).hasValue(3);
        HomogeneityCheck.of(network, Nets.imageFeatures());
    }

    @Test
    void localResponseNormalizationIsNamed() {
        MultiLayerNetwork network = Nets.images(
                convolution("first", 4, 3, true),
                new LocalResponseNormalization.Builder().name("lrn").build(),
                Nets.softmax(false));
        assertThat(Homogeneity.of(network).reasons()).extracting(Reason::layer).containsExactly("lrn");
        HomogeneityCheck.of(network, Nets.imageFeatures());
    }

    @Test
    void residualsNeedEqualDegrees() {

        ComputationGraph skip = finish(block().addVertex("add", new ElementWiseVertex(Op.Add), "block", "stem"), "add");
        Homogeneity homogeneity = Homogeneity.of(skip);
        assertThat(homogeneity.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.layer()).isEqualTo("add");
            assertThat(reason.text()).isEqualTo("joins inputs of different degrees, [1, 2]");
        });
        HomogeneityCheck.of(skip, Nets.imageFeatures());

        ComputationGraph projected = finish(
                block().addLayer("shortcut", convolution("shortcut", 4, 1, false), "stem")
                        .addVertex("add", new ElementWiseVertex(Op.Add), "block", "shortcut"),
                "add");
        assertThat(Homogeneity.of(projected).degree()).hasValue(3);
        assertThat(HomogeneityCheck.of(projected, Nets.imageFeatures()).eulerResidual())
                .isPresent();
    }

    private static GraphBuilder block() {
        return images().addLayer("stem", convolution("stem", 4, 3, true), "in")
                .addLayer("block", convolution("block", 4, 3, false), "stem");
    }

    @Test
    void productsAddDegrees() {
        ComputationGraph network =
                finish(twoBranches().addVertex("join", new ElementWiseVertex(Op.Product), "a", "b"), "join");
        assertThat(Homogeneity.of(network).degree()).hasValue(4);
        assertThat(Homogeneity.of(network).layers()).contains(new LayerDegree("join", "ElementWiseVertex", 1, 3));
        HomogeneityCheck.of(network, Nets.flatFeatures());
    }

    @ParameterizedTest
    @EnumSource(
            value = Op.class,
            names = {"Add", "Subtract", "Average", "Max"})
    void othersNeedEqualDegrees(Op op) {
        assertJoin(new ElementWiseVertex(op));
    }

    @Test
    void mergingNeedsEqualDegrees() {
        assertJoin(new MergeVertex());
    }

    private static void assertJoin(GraphVertex vertex) {
        ComputationGraph unequal = finish(twoBranches().addVertex("join", vertex, "a", "b"), "join");
        assertThat(Homogeneity.of(unequal).reasons()).extracting(Reason::layer).containsExactly("join");
        HomogeneityCheck.of(unequal, Nets.flatFeatures());
        ComputationGraph equal = finish(threeBranches().addVertex("join", vertex, "b", "c"), "join");
        assertThat(Homogeneity.of(equal).degree()).hasValue(3);
        HomogeneityCheck.of(equal, Nets.flatFeatures());
    }

    @Test
    void verticesOfOneInput() {
        assertVertex(new ScaleVertex(0.3), 3);
        assertVertex(new SubsetVertex(1, 4), 3);
        assertVertex(new ShiftVertex(0), 3);
        assertVertex(new L2NormalizeVertex(), 1);
        ComputationGraph shifted = finish(twoBranches().addVertex("v", new ShiftVertex(0.5), "b"), "v");
        assertThat(Homogeneity.of(shifted).reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.layer()).isEqualTo("v");
            assertThat(reason.text()).contains("adds the constant 0.5");
        });
        HomogeneityCheck.of(shifted, Nets.flatFeatures());
    }

    private static void assertVertex(GraphVertex vertex, int degree) {
        ComputationGraph network = finish(twoBranches().addVertex("v", vertex, "b"), "v");
        assertThat(Homogeneity.of(network).degree()).hasValue(degree);
        HomogeneityCheck.of(network, Nets.flatFeatures());
    }

    @Test
    void whatIsFrozenInFrontMayBeAnything() {
        GraphBuilder graph = flat().addLayer("before", frozen(Nets.dense("before", true, Activation.TANH)), "in")
                .addVertex("shift", new FrozenVertex(new ShiftVertex(1)), "before")
                .addLayer("a", Nets.dense("a", true), "shift");
        ComputationGraph network = finish(graph, "a");
        assertThat(Homogeneity.of(network).degree()).hasValue(2);
        TrainedParameters trained = TrainedParameters.of(network);
        assertThat(trained.isTrained("before", "W")).isFalse();
        assertThat(trained.isTrained("a", "b")).isTrue();
        HomogeneityCheck.of(network, Nets.flatFeatures());
    }

    @Test
    void aFrozenLayerKeepsTheGradientFromThoseBeforeIt() {
        GraphBuilder graph = threeBranches()
                .addLayer("frozen", frozen(Nets.dense("frozen", false)), "b")
                .addVertex("sum", new ElementWiseVertex(Op.Add), "frozen", "c");
        TrainedParameters trained = TrainedParameters.of(finish(graph, "sum"));
        assertThat(trained.isTrained("a", "W")).isTrue();
        assertThat(trained.isTrained("b", "W")).isFalse();
        assertThat(trained.isTrained("c", "W")).isTrue();
        assertThat(trained.isTrained("frozen", "W")).isFalse();
    }

    private static Layer frozen(Layer layer) {
        return new FrozenLayer(layer);
    }

    @Test
    void constantsMayBeShifted() {
        GraphBuilder graph =
                flat().addVertex("shift", new ShiftVertex(3), "in").addLayer("a", Nets.dense("a", true), "shift");
        assertThat(Homogeneity.of(finish(graph, "a")).degree()).hasValue(2);
    }

    @Test
    void outputsAreJudgedEachByItself() {
        GraphBuilder graph = twoBranches()
                .addLayer("norm", new BatchNormalization.Builder().build(), "b")
                .addLayer("first", Nets.softmax(false), "a")
                .addLayer("second", Nets.softmax(false), "norm")
                .setOutputs("first", "second");
        Homogeneity homogeneity = Homogeneity.of(init(graph));
        assertThat(homogeneity.outputs()).containsExactly("first", "second");
        assertThat(homogeneity.degree("first")).hasValue(2);
        assertThat(homogeneity.degree("second")).isEmpty();
        assertThat(homogeneity.reasons("first")).isEmpty();
        assertThat(homogeneity.reasons("second")).extracting(Reason::layer).containsExactly("norm");
        assertThat(homogeneity.degree()).isEmpty();
        assertThat(HomogeneityCheck.of(init(graph), Nets.flatFeatures()).eulerResidual())
                .isEmpty();
    }

    @Test
    void outputsOfDifferentDegreesHaveNoneTogether() {
        GraphBuilder graph = twoBranches()
                .addLayer("first", Nets.softmax(false), "a")
                .addLayer("second", Nets.softmax(false), "b")
                .setOutputs("first", "second");
        Homogeneity homogeneity = Homogeneity.of(init(graph));
        assertThat(homogeneity.isHomogeneous()).isTrue();
        assertThat(homogeneity.degree()).isEmpty();
        assertThat(homogeneity.degree("second")).hasValue(3);
        assertThatThrownBy(homogeneity::requireDegree).hasMessageContaining("\"first\" 2, \"second\" 3");
        assertThat(HomogeneityCheck.of(init(graph), Nets.flatFeatures()).eulerResidual())
                .isPresent();
    }

    @Test
    void aVertexMayBeAnOutput() {
        GraphBuilder graph = threeBranches()
                .addVertex("sum", new ElementWiseVertex(Op.Add), "b", "c")
                .setOutputs("sum");
        ComputationGraph network = init(graph);
        assertThat(Homogeneity.of(network).degree()).hasValue(2);
        assertThat(HomogeneityCheck.of(network, Nets.flatFeatures()).eulerResidual())
                .isEmpty();
    }

    @Test
    void verticesThatAreNotKnownAreSaidSo() {
        ComputationGraph network = finish(twoBranches().addVertex("v", new Strange(), "b"), "v");
        assertThat(Homogeneity.of(network).reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(reason).hasToString("\"v\": vertices of class Strange are not known to be homogeneous");
        });
    }

    /** A vertex that is none of DL4J's. */
    private static final class Strange extends GraphVertex {

        private static final long serialVersionUID = 1L;

        private final ScaleVertex scale = new ScaleVertex(1);

        @Override
        public GraphVertex clone() {
            return new Strange();
        }

        @Override
        public boolean equals(Object o) {
            return o instanceof Strange;
        }

        @Override
        public int hashCode() {
            return 1;
        }

        @Override
        public long numParams(boolean backprop) {
            return 0;
        }

        @Override
        public int minVertexInputs() {
            return 1;
        }

        @Override
        public int maxVertexInputs() {
            return 1;
        }

        @Override
        public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
                ComputationGraph graph,
                String name,
                int index,
                org.nd4j.linalg.api.ndarray.INDArray parameters,
                boolean initialise,
                org.nd4j.linalg.api.buffer.DataType type) {
            return scale.instantiate(graph, name, index, parameters, initialise, type);
        }

        @Override
        public InputType getOutputType(int index, InputType... inputs) {
            return inputs[0];
        }

        @Override
        public org.deeplearning4j.nn.conf.memory.MemoryReport getMemoryReport(InputType... inputs) {
            return scale.getMemoryReport(inputs);
        }
    }

    private static ConvolutionLayer convolution(String name, int channels, int kernel, boolean bias) {
        return new ConvolutionLayer.Builder(kernel, kernel)
                .name(name)
                .nOut(channels)
                .convolutionMode(org.deeplearning4j.nn.conf.ConvolutionMode.Same)
                .hasBias(bias)
                .activation(Activation.RELU)
                .build();
    }

    private static GraphBuilder flat() {
        return Nets.builder().graphBuilder().addInputs("in").setInputTypes(InputType.feedForward(Nets.FEATURES));
    }

    private static GraphBuilder images() {
        return Nets.builder().graphBuilder().addInputs("in").setInputTypes(InputType.convolutional(8, 8, 2));
    }

    /** "a" of degree 1, "b" of degree 2. */
    private static GraphBuilder twoBranches() {
        return flat().addLayer("a", Nets.dense("a", true), "in").addLayer("b", Nets.dense("b", false), "a");
    }

    /** The same, and "c" of degree 2. */
    private static GraphBuilder threeBranches() {
        return twoBranches().addLayer("c", Nets.dense("c", false), "a");
    }

    private static ComputationGraph finish(GraphBuilder graph, String last) {
        Layer output = Nets.softmax(false);
        return init(graph.addLayer("out", output, last).setOutputs("out"));
    }

    private static ComputationGraph init(GraphBuilder graph) {
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }
}
