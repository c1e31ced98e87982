package io.github.dl4jaskew.plan;

import io.github.dl4jaskew.Askew;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
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
     * @param isFirst whether it is the first layer that has such weights, or would have if it were not frozen
     * @param isLast whether it is the last one
     */
    public record LayerInfo(
            String name, int index, Class<? extends Layer> type, long weights, boolean isFirst, boolean isLast) {}

    private static final String EXCLUDED = "excluded";
    private static final Layers ALL = new Layers(layer -> true, Set.of(), "all");

    private final Predicate<LayerInfo> predicate;
    private final Set<String> names;
    private final String description;
    private final Function<LayerInfo, String> label;
    private final Function<LayerInfo, String> exclusionReason;

    private Layers(Predicate<LayerInfo> predicate, Set<String> names, String description) {
        this(predicate, names, description, layer -> EXCLUDED, layer -> EXCLUDED);
    }

    /**
     * A selection.
     *
     * @param label what the plan says of a layer that this selection claims and another one leaves out for that
     * @param exclusionReason what the plan says of a layer that this selection does not claim
     */
    private Layers(
            Predicate<LayerInfo> predicate,
            Set<String> names,
            String description,
            Function<LayerInfo, String> label,
            Function<LayerInfo, String> exclusionReason) {
        this.predicate = predicate;
        this.names = Collections.unmodifiableSet(names);
        this.description = description;
        this.label = label;
        this.exclusionReason = exclusionReason;
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
     * {@return a selection of the first and the last layer that have weights} Most useful in {@link
     * #exceptFirstAndLast()}.
     */
    public static Layers firstAndLast() {
        return new Layers(
                layer -> layer.isFirst() || layer.isLast(),
                Set.of(),
                "first and last",
                layer -> "kept float, as the " + (layer.isFirst() ? "first" : "last")
                        + " layer of weights loses most accuracy at few bits",
                layer -> EXCLUDED);
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
     * @param others selection to leave out
     * @return a new selection
     */
    public Layers except(Layers others) {
        return new Layers(
                predicate.and(others.predicate.negate()),
                union(others),
                description + " except " + others.description,
                label,
                layer -> others.claims(layer) ? others.label.apply(layer) : exclusionReason.apply(layer));
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
        return new Layers(
                predicate.or(others.predicate),
                union(others),
                description + " or " + others.description,
                layer -> claims(layer) ? label.apply(layer) : others.label.apply(layer),
                exclusionReason);
    }

    /**
     * Tests a layer.
     *
     * @param layer a layer that has weights
     * @return whether it is selected
     */
    public boolean claims(LayerInfo layer) {
        return predicate.test(layer);
    }

    /** {@return whether this is the selection of everything, the default} */
    public boolean isAll() {
        return this == ALL;
    }

    /**
     * Says why a layer keeps full precision.
     *
     * @param layer a layer that is not selected
     * @return the exclusion reason, for the plan
     */
    public String exclusionReason(LayerInfo layer) {
        return exclusionReason.apply(layer);
    }

    /** {@return the names that must exist} */
    public Set<String> names() {
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
