package io.github.dl4jaskew.examples.study.robustness;

import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** What a network is judged by. */
enum Metric {
    /** Right answers in percent; of sequences, of all their steps. */
    ACCURACY("accuracy %", 1) {
        @Override
        double of(MultiLayerNetwork network, DataSet data) {
            return 100
                    * network.evaluate(new ExistingDataSetIterator(data.batchBy(EVALUATION_BATCH)))
                            .accuracy();
        }
    },
    /** Mean squared error. */
    MSE("mean squared error", -1) {
        @Override
        double of(MultiLayerNetwork network, DataSet data) {
            INDArray error = network.output(data.getFeatures()).sub(data.getLabels());
            return error.mul(error).meanNumber().doubleValue();
        }
    };

    private static final int EVALUATION_BATCH = 500;

    private final String label;
    private final int sign;

    Metric(String label, int sign) {
        this.label = label;
        this.sign = sign;
    }

    /** Of a network with finite weights. */
    abstract double of(MultiLayerNetwork network, DataSet data);

    String label() {
        return label;
    }

    /** What a training that diverged is worth. */
    double worst() {
        return this == ACCURACY ? 0 : Double.MAX_VALUE;
    }

    boolean isBetter(double value, double than) {
        return sign * value > sign * than;
    }

    /**
     * Whether a value is as good as another: at most 0.3 percentage points lower, or at most 1.3 times the error.
     *
     * @param value what is judged
     * @param best what it is compared with
     */
    boolean holds(double value, double best) {
        return this == ACCURACY ? value >= best - 0.3 : value <= 1.3 * best;
    }
}
