package io.github.dl4jaskew.examples.report;

import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * One line of {@code margin.json}.
 *
 * @param problem which case, such as "B" of the ground truth
 * @param quantity what was measured
 * @param k steps or epochs done, or the time of a flow
 * @param measured its value
 * @param expected the closed form's value; null where theory gives none
 * @param tolerance how far the measured value may be from the expected one; null if there is none
 */
public record MarginResult(
        @JsonProperty("case") String problem,
        @JsonProperty("quantity") String quantity,
        @JsonProperty("k") long k,
        @JsonProperty("measured") double measured,
        @JsonProperty("expected") @Nullable Double expected,
        @JsonProperty("tolerance") @Nullable Double tolerance) {

    /**
     * A value without a closed form.
     *
     * @param problem which case
     * @param quantity what was measured
     * @param k steps or epochs done
     * @param measured its value
     * @return a result that always passes
     */
    public static MarginResult of(String problem, String quantity, long k, double measured) {
        return new MarginResult(problem, quantity, k, measured, null, null);
    }

    /**
     * Whether the value is what it should be.
     *
     * @return true also where nothing is expected
     */
    @JsonProperty("agrees")
    public boolean agrees() {
        return expected == null || tolerance == null || Math.abs(measured - expected) <= tolerance;
    }
}
