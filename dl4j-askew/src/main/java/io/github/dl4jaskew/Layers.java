package io.github.dl4jaskew;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Which layers a recipe claims. A selection that claims nothing, or names a layer that is not there, is an
 * error at {@link Askew#install}. Immutable and thread safe if its predicates are.
 */
public final class Layers {

    /**
     * What a predicate sees of a layer.
     *
     * @param name the layer's name; DL4J calls unnamed layers "layer0", "layer1", ...
     * @param index position among all layers, in the order of the network's parameters
     * @param type class of the layer's configuration, without wrappers
     * @param weights number of its weights that could be constrained
     * @param isFirst whether it is the first layer that has such weights
     * @param isLast whether it is the last one
     */
    public record LayerInfo(
            String name, int index, Class<? extends Layer> type, long weights, boolean isFirst, boolean isLast) {}

    private static final Layers ALL = new Layers(layer -> true, Set.of(), "all");

    private final Predicate<LayerInfo> predicate;
    private final Set<String> names;
    private final String description;

    private Layers(Predicate<LayerInfo> predicate, Set<String> names, String description) {
        this.predicate = predicate;
        this.names = names;
        this.description = description;
    }

    /**
     * Every layer that has weights.
     *
     * @return the selection
     */
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
        Set<String> set = new LinkedHashSet<>(Arrays.asList(names));
        return new Layers(layer -> set.contains(layer.name()), set, "named " + set);
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
        return new Layers(
                layer -> Arrays.stream(copy).anyMatch(type -> type.isAssignableFrom(layer.type())),
                Set.of(),
                "of type " + Arrays.stream(copy).map(Class::getSimpleName).toList());
    }

    /**
     * Layers by a condition.
     *
     * @param predicate true for layers to claim
     * @return the selection
     */
    public static Layers matching(Predicate<LayerInfo> predicate) {
        return new Layers(predicate, Set.of(), "matching a predicate");
    }

    /**
     * The first and the last layer that have weights. Most useful in {@code all().except(firstAndLast())}: these two
     * suffer most from few bits.
     *
     * @return the selection
     */
    public static Layers firstAndLast() {
        return new Layers(layer -> layer.isFirst() || layer.isLast(), Set.of(), "first and last");
    }

    /**
     * These layers without some others.
     *
     * @param others selection to leave out
     * @return a new selection
     */
    public Layers except(Layers others) {
        return new Layers(
                predicate.and(others.predicate.negate()), union(others), description + " except " + others.description);
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

    /**
     * These layers and some others.
     *
     * @param others selection to add
     * @return a new selection
     */
    public Layers or(Layers others) {
        return new Layers(predicate.or(others.predicate), union(others), description + " or " + others.description);
    }

    boolean claims(LayerInfo layer) {
        return predicate.test(layer);
    }

    /** Whether this is the selection of everything, as it is unless told otherwise. */
    boolean isAll() {
        return this == ALL;
    }

    /** The names that must exist. */
    Set<String> names() {
        return names;
    }

    private Set<String> union(Layers others) {
        Set<String> union = new LinkedHashSet<>(names);
        union.addAll(others.names);
        return union;
    }

    @Override
    public String toString() {
        return description;
    }
}
