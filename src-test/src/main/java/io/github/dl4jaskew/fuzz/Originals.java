package io.github.dl4jaskew.fuzz;

import io.github.dl4jaskew.grid.Grid;
import io.github.dl4jaskew.grid.ScaledGrid;
import io.github.dl4jaskew.quantized.QuantizedModel;
import io.github.dl4jaskew.quantized.QuantizedParameter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Three right files, which hold every section: a perceptron of one output, a convolutional network, a graph. */
final class Originals {

    private Originals() {}

    static List<byte[]> all() throws IOException {
        return List.of(bytes(perceptron()), bytes(convolutional()), bytes(graph()));
    }

    private static QuantizedModel perceptron() {
        MultiLayerNetwork net = network(
                InputType.feedForward(4),
                dense(40),
                new OutputLayer.Builder(LossFunction.XENT)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build());
        return QuantizedModel.of(net, snapped(Grid.binary(), net.getLayers())).withLabels(List.of("no", "yes"));
    }

    private static QuantizedModel convolutional() {
        MultiLayerNetwork net = network(
                InputType.convolutionalFlat(6, 6, 1),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(3)
                        .activation(Activation.RELU)
                        .build(),
                new BatchNormalization.Builder().build(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build(),
                output());
        return QuantizedModel.of(net, snapped(Grid.ternary(), net.getLayers()))
                .withLabels(List.of("a", "b", "c"))
                .withNormalization(new ImagePreProcessingScaler(0, 1));
    }

    private static QuantizedModel graph() {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", dense(6), "in")
                .addLayer("out", output(), "dense")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(4))
                .build());
        net.init();
        return QuantizedModel.of(net, snapped(Grid.uniform(3), net.getLayers()));
    }

    private static Layer dense(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.TANH).build();
    }

    private static Layer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(3)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork network(InputType input, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Sgd(0.1))
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork net = new MultiLayerNetwork(list.setInputType(input).build());
        net.init();
        return net;
    }

    private static List<QuantizedParameter> snapped(Grid grid, org.deeplearning4j.nn.api.Layer[] layers) {
        List<QuantizedParameter> snapped = new ArrayList<>();
        for (org.deeplearning4j.nn.api.Layer layer : layers) {
            if (layer.paramTable().containsKey("W")) {
                String name = layer.conf().getLayer().getLayerName();
                snapped.add(QuantizedParameter.snap(name, "W", layer.getParam("W"), ScaledGrid.perTensor(grid, 0.25)));
            }
        }
        return snapped;
    }

    private static byte[] bytes(QuantizedModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        model.save(out);
        return out.toByteArray();
    }
}
