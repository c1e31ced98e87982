package io.github.dl4jaskew.quantized;

import io.github.dl4jaskew.packed.Normalization;
import io.github.dl4jaskew.packed.Normalization.Kind;
import io.github.dl4jaskew.packed.Normalization.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.VGG16ImagePreProcessor;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's normalizers as plain numbers and back. */
final class Normalizers {

    private Normalizers() {}

    /**
     * The numbers of a normalizer.
     *
     * @throws IllegalArgumentException if it is of another kind, or has not been fitted
     */
    static Normalization numbers(DataNormalization normalizer) {
        Class<?> type = normalizer.getClass();
        if (type == NormalizerStandardize.class) {
            return standardize((NormalizerStandardize) normalizer);
        }
        if (type == NormalizerMinMaxScaler.class) {
            return minMax((NormalizerMinMaxScaler) normalizer);
        }
        if (type == ImagePreProcessingScaler.class) {
            ImagePreProcessingScaler s = (ImagePreProcessingScaler) normalizer;
            return new Normalization(
                    Kind.IMAGE_RANGE,
                    List.of(s.getMinRange(), s.getMaxRange(), s.getMaxPixelVal(), s.isFitLabel() ? 1.0 : 0.0),
                    List.of());
        }
        if (type == VGG16ImagePreProcessor.class) {
            return new Normalization(Kind.IMAGE_MEAN, vggMeans(), List.of());
        }
        throw new IllegalArgumentException("a " + type.getName() + " cannot be packed; allowed are"
                + " NormalizerStandardize, NormalizerMinMaxScaler, ImagePreProcessingScaler, VGG16ImagePreProcessor");
    }

    private static Normalization standardize(NormalizerStandardize n) {
        List<Values> arrays = new ArrayList<>(arrays(n::getMean, n::getStd));
        if (n.isFitLabel()) {
            arrays.addAll(arrays(n::getLabelMean, n::getLabelStd));
        }
        return new Normalization(Kind.STANDARDIZE, List.of(), arrays);
    }

    private static Normalization minMax(NormalizerMinMaxScaler n) {
        List<Values> arrays = new ArrayList<>(arrays(n::getMin, n::getMax));
        if (n.isFitLabel()) {
            arrays.addAll(arrays(n::getLabelMin, n::getLabelMax));
        }
        return new Normalization(Kind.MIN_MAX, List.of(n.getTargetMin(), n.getTargetMax()), arrays);
    }

    private interface Statistic {
        INDArray get();
    }

    private static List<Values> arrays(Statistic first, Statistic second) {
        try {
            return List.of(values(first.get()), values(second.get()));
        } catch (NullPointerException e) {
            // ND4J keeps to itself whether there are statistics.
            throw new IllegalArgumentException("the normalizer has no statistics; call fit before", e);
        }
    }

    private static Values values(INDArray array) {
        List<Double> numbers = new ArrayList<>();
        for (double number : array.dup('c').data().asDouble()) {
            numbers.add(number);
        }
        List<Long> shape = Arrays.stream(array.shape()).boxed().toList();
        return new Values(ModelTypes.of(array.dataType()), shape.isEmpty() ? List.of(1L) : shape, numbers);
    }

    private static List<Double> vggMeans() {
        return Arrays.stream(VGG16ImagePreProcessor.VGG_MEAN_OFFSET_BGR
                        .castTo(DataType.DOUBLE)
                        .data()
                        .asDouble())
                .boxed()
                .toList();
    }

    /**
     * The normalizer of some numbers.
     *
     * @throws IllegalArgumentException if ND4J has none that uses these numbers
     */
    static @Nullable DataNormalization normalizer(@Nullable Normalization n) {
        if (n == null) {
            return null;
        }
        return switch (n.kind()) {
            case STANDARDIZE -> standardize(n.arrays());
            case MIN_MAX -> minMax(n.constants(), n.arrays());
            case IMAGE_RANGE -> imageRange(n.constants());
            case IMAGE_MEAN -> {
                if (!n.constants().equals(vggMeans())) {
                    throw new IllegalArgumentException(
                            "ND4J knows no other image means than VGG16's, not " + n.constants());
                }
                yield new VGG16ImagePreProcessor();
            }
        };
    }

    private static DataNormalization standardize(List<Values> arrays) {
        NormalizerStandardize normalizer = new NormalizerStandardize(array(arrays.get(0)), array(arrays.get(1)));
        if (arrays.size() == 4) {
            normalizer.setLabelStats(array(arrays.get(2)), array(arrays.get(3)));
            normalizer.fitLabel(true);
        }
        return normalizer;
    }

    private static DataNormalization minMax(List<Double> range, List<Values> arrays) {
        NormalizerMinMaxScaler normalizer = new NormalizerMinMaxScaler(range.get(0), range.get(1));
        normalizer.setFeatureStats(array(arrays.get(0)), array(arrays.get(1)));
        if (arrays.size() == 4) {
            normalizer.setLabelStats(array(arrays.get(2)), array(arrays.get(3)));
            normalizer.fitLabel(true);
        }
        return normalizer;
    }

    private static DataNormalization imageRange(List<Double> constants) {
        ImagePreProcessingScaler scaler = new ImagePreProcessingScaler(constants.get(0), constants.get(1));
        scaler.setMaxPixelVal(constants.get(2));
        scaler.fitLabel(constants.get(3) != 0);
        return scaler;
    }

    private static INDArray array(Values values) {
        double[] numbers = values.numbers().stream().mapToDouble(v -> v).toArray();
        long[] shape = values.shape().stream().mapToLong(v -> v).toArray();
        return Nd4j.createFromArray(numbers)
                .castTo(ModelTypes.of(values.type()))
                .reshape('c', shape);
    }
}
