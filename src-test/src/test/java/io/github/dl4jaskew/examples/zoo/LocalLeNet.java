package io.github.dl4jaskew.examples.zoo;

import io.github.dl4jaskew.examples.data.Mnist;
import org.deeplearning4j.common.resources.DL4JResources;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.model.LeNet;
import org.nd4j.linalg.learning.config.Sgd;

/** The zoo's LeNet, with the address and the checksum of a file of the test's own. */
@SuppressWarnings("unchecked") // init() of DL4J's own class
public final class LocalLeNet extends LeNet {

    /** Below the base address. */
    public static final String PATH = "models/locallenet.zip";

    private final long checksum;

    /** A model whose weights have this Adler32 checksum. */
    public LocalLeNet(long checksum) {
        super(
                7,
                new int[] {1, Mnist.SIDE, Mnist.SIDE},
                Mnist.CLASSES,
                new Sgd(0.1),
                CacheMode.NONE,
                WorkspaceMode.ENABLED,
                ConvolutionLayer.AlgoMode.NO_WORKSPACE);
        this.checksum = checksum;
    }

    @Override
    public String pretrainedUrl(PretrainedType type) {
        return DL4JResources.getURLString(PATH);
    }

    @Override
    public long pretrainedChecksum(PretrainedType type) {
        return checksum;
    }
}
