package io.github.dl4jaskew.guide;

import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;

/** Data that can be read once. */
final class OnlyOnce extends ListDataSetIterator<DataSet> {

    private static final long serialVersionUID = 1L;

    OnlyOnce(DataSet data) {
        super(List.of(data), 1);
    }

    @Override
    public boolean resetSupported() {
        return false;
    }
}
