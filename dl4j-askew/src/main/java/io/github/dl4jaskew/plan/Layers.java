package io.github.dl4jaskew.plan;

import io.github.dl4jaskew.Askew;
import java.util.Arrays;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Which layers a recipe claims. A selection that claims nothing, or names a layer that is not there, is an
 * error at {@link Askew#install}. Immutable and thread safe if its predicates are.
 */
public final class Layers extends Selection<Layers.LayerInfo, Layers> {

    /**
     * What a predicate sees of a layer.
     *
     * @param name the layer's name; DL4J calls unnamed layers "layer0", "layer1", ...
     * @param index position among all layers, in the order of the network's parameters
     * @param type class of the layer's configuration, without wrappers
     * @param weights number of its weights that could be constrained
     * @param isFirst whether it is the first layer that has such weights, or would have if it were not frozen
     * @param isLast whether it is the last one
     */
    public record LayerInfo(
            String name, int index, Class<? extends Layer> type, long weights, boolean isFirst, boolean isLast) {}

    private static final Layers ALL = new Layers(new Choice<>(layer -> true, "all"));

    private Layers(Choice<LayerInfo> choice) {
        super(choice);
    }

    @Override
    Layers with(Choice<LayerInfo> choice) {
        return new Layers(choice);
    }

    /** {@return a selection of every layer that has weights} */
    public static Layers all() {
        return ALL;
    }

    /**
     * Layers by name. DL4J calls unnamed layers of a list "layer0", "layer1", ...
     *
     * @param names names that must exist in the network
     * @return the selection
     */
    public static Layers named(String... names) {
        return new Layers(Choice.named(LayerInfo::name, names));
    }

    /**
     * Layers by the class of their configuration; subclasses count.
     *
     * @param types such as {@code DenseLayer.class}
     * @return the selection
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static Layers ofType(Class<? extends Layer>... types) {
        Class<?>[] copy = types.clone();
        return new Layers(new Choice<>(
                layer -> Arrays.stream(copy).anyMatch(type -> type.isAssignableFrom(layer.type())),
                "of type " + Arrays.stream(copy).map(Class::getSimpleName).toList()));
    }

    /**
     * Layers by a condition.
     *
     * @param predicate true for layers to claim
     * @return the selection
     */
    public static Layers matching(Predicate<LayerInfo> predicate) {
        return new Layers(new Choice<>(predicate, "matching a predicate"));
    }

    /**
     * {@return a selection of the first and the last layer that have weights} Most useful in {@link
     * #exceptFirstAndLast()}.
     */
    public static Layers firstAndLast() {
        return new Layers(Choice.firstAndLast(LayerInfo::isFirst, LayerInfo::isLast));
    }

    /**
     * Every layer between the first and the last one that have weights: the usual choice for pretrained networks, such as
     * those of DL4J's model zoo. The first layer sees pixels through few weights, and the last one is often new; both are
     * a small part of the memory, but suffer most from few bits.
     *
     * <p>A frozen layer can be the first one. In the part of a network that {@code TransferLearningHelper.unfrozenMLN()}
     * shows, the first layer is one from the middle: there, {@code all().except("output")} says better what is meant.
     *
     * @return the selection
     */
    public static Layers exceptFirstAndLast() {
        return all().except(firstAndLast());
    }

    /**
     * These layers without some others.
     *
     * @param names names that must exist in the network
     * @return a new selection
     */
    public Layers except(String... names) {
        return except(named(names));
    }

    /** {@return whether this is the selection of everything, the default} */
    public boolean isAll() {
        return this == ALL;
    }
}
