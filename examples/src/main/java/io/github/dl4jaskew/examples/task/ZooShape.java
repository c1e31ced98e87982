package io.github.dl4jaskew.examples.task;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A network of the model zoo's shape. */
public enum ZooShape {
    /** Two convolutions for digits, 1.3 million parameters. */
    LENET,
    /** Thirteen convolutions for ImageNet, 138 million parameters. */
    VGG16;

    /**
     * A network of this shape, without batch norm and dropout.
     *
     * @param seed of its weights
     * @return a complete configuration
     */
    public MultiLayerConfiguration configuration(long seed) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Sgd(0.1))
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list();
        return this == LENET ? lenet(list) : vgg16(list);
    }

    private static MultiLayerConfiguration lenet(NeuralNetConfiguration.ListBuilder list) {
        for (int channels : new int[] {20, 50}) {
            list.layer(new ConvolutionLayer.Builder(5, 5).nOut(channels).build());
            list.layer(pool());
        }
        list.layer(new DenseLayer.Builder().nOut(500).build());
        return list.layer(output(10))
                .setInputType(InputType.convolutional(28, 28, 1))
                .build();
    }

    private static MultiLayerConfiguration vgg16(NeuralNetConfiguration.ListBuilder list) {
        int[][] blocks = {{64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}};
        for (int[] block : blocks) {
            for (int channels : block) {
                list.layer(new ConvolutionLayer.Builder(3, 3).nOut(channels).build());
            }
            list.layer(pool());
        }
        list.layer(new DenseLayer.Builder().nOut(4096).build());
        list.layer(new DenseLayer.Builder().nOut(4096).build());
        return list.layer(output(1000))
                .setInputType(InputType.convolutional(224, 224, 3))
                .build();
    }

    private static SubsamplingLayer pool() {
        return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                .kernelSize(2, 2)
                .stride(2, 2)
                .build();
    }

    private static OutputLayer output(int classes) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build();
    }
}
