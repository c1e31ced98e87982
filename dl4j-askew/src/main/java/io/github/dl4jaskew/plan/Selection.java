package io.github.dl4jaskew.plan;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The algebra of {@link Layers} and {@link Variables}.
 *
 * @param <T> what a predicate sees of an item
 * @param <S> the selection's own class
 */
abstract sealed class Selection<T, S extends Selection<T, S>> permits Layers, Variables {

    private static final String EXCLUDED = "excluded";

    /**
     * What a selection consists of.
     *
     * @param predicate true for items to claim
     * @param names names that must exist
     * @param description what settings call it
     * @param label what the plan says of an item that this selection claims and another one leaves out for that
     * @param exclusionReason what the plan says of an item that this selection does not claim
     */
    record Choice<T>(
            Predicate<T> predicate,
            Set<String> names,
            String description,
            Function<T, String> label,
            Function<T, String> exclusionReason) {

        Choice {
            names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
        }

        Choice(Predicate<T> predicate, String description) {
            this(predicate, Set.of(), description, item -> EXCLUDED, item -> EXCLUDED);
        }

        static <T> Choice<T> named(Function<T, String> name, String... names) {
            Set<String> set = new LinkedHashSet<>(Arrays.asList(names));
            return new Choice<T>(item -> set.contains(name.apply(item)), "named " + set).requiring(set);
        }

        static <T> Choice<T> firstAndLast(Predicate<T> isFirst, Predicate<T> isLast) {
            return new Choice<>(
                    isFirst.or(isLast),
                    Set.of(),
                    "first and last",
                    item -> "kept float, as the " + (isFirst.test(item) ? "first" : "last")
                            + " layer of weights loses most accuracy at few bits",
                    item -> EXCLUDED);
        }

        Choice<T> requiring(Set<String> more) {
            Set<String> union = new LinkedHashSet<>(names);
            union.addAll(more);
            return new Choice<>(predicate, union, description, label, exclusionReason);
        }
    }

    private final Choice<T> choice;

    Selection(Choice<T> choice) {
        this.choice = choice;
    }

    /** What else this selection says, of another choice. */
    abstract S with(Choice<T> choice);

    final Choice<T> choice() {
        return choice;
    }

    /**
     * This selection without another one.
     *
     * @param others selection to leave out
     * @return a new selection
     */
    public final S except(S others) {
        Choice<T> left = others.choice();
        return with(new Choice<>(
                        choice.predicate.and(left.predicate.negate()),
                        choice.names,
                        choice.description + " except " + left.description,
                        choice.label,
                        item -> (others.claims(item) ? left.label : choice.exclusionReason).apply(item))
                .requiring(left.names));
    }

    /**
     * This selection and another one.
     *
     * @param others selection to add
     * @return a new selection
     */
    public S or(S others) {
        Choice<T> added = others.choice();
        return with(new Choice<>(
                        choice.predicate.or(added.predicate),
                        choice.names,
                        choice.description + " or " + added.description,
                        item -> (claims(item) ? choice.label : added.label).apply(item),
                        choice.exclusionReason)
                .requiring(added.names));
    }

    /**
     * Tests one item.
     *
     * @param item what it is
     * @return whether it is selected
     */
    public final boolean claims(T item) {
        return choice.predicate.test(item);
    }

    /**
     * Says why an item keeps full precision.
     *
     * @param item one that is not selected
     * @return the exclusion reason, for the plan
     */
    public final String exclusionReason(T item) {
        return choice.exclusionReason.apply(item);
    }

    /** {@return the names that must exist} */
    public final Set<String> names() {
        return choice.names;
    }

    @Override
    public final String toString() {
        return choice.description;
    }
}
