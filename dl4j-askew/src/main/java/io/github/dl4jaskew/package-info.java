/**
 * Quantized-weight training with AskewSGD in Deeplearning4j's own training loops. Begin with {@link
 * io.github.dl4jaskew.Askew}:
 *
 * <pre>{@code
 * Askew askew = Askew.fromScratch(epochs, iterationsPerEpoch).grid(Grid.ternary()).build();   // the recipe
 * System.out.println(askew.install(network));                   // the plan: what is quantized, and why the rest is not
 * network.setListeners(new AskewListener());
 * network.fit(train, epochs);
 * QuantizedModel model = askew.quantize(network, train);        // exact levels, codes, scales
 * }</pre>
 *
 * <p>Words that return everywhere: neighbouring <em>levels</em> bound a <em>cell</em>; lengths are in <em>half cells</em>, so
 * that a weight is 0 to 1 of them away from its nearest level. The <em>hull</em> reaches from the lowest to the highest
 * level. <em>eps</em> is the width of the intervals around the levels: at 1, during the <em>hold</em>, weights are free, and
 * at 0 they are on their levels.
 *
 * <table>
 * <caption>Packages</caption>
 * <tr><th>{@link io.github.dl4jaskew.plan}</th><td>which weights, and what was done with them</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.grid}, {@link io.github.dl4jaskew.schedule}</th><td>levels and scales; annealing</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.listener}</th><td>what training reports while it runs</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.quantized}</th><td>the result: exact, packed, reloaded, exported</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.activation}</th><td>quantized activations</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.baseline}</th><td>other methods, with the same grids, plans and models ({@link
 *     io.github.dl4jaskew.QuantizedTraining})</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.updater}, {@link io.github.dl4jaskew.interval}</th><td>the paper's updater and its
 *     formulas</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.checkpoint}</th><td>to resume exactly</td></tr>
 * <tr><th>{@link io.github.dl4jaskew.storage}, {@link io.github.dl4jaskew.ui}</th><td>records of a training, and the page that
 *     draws them in DL4J's web UI</td></tr>
 * </table>
 *
 * <p>Networks of DL4J are constrained layer by layer, through their configuration, so that saving, copying and restoring
 * them keeps the constraint. In DL4J's own {@code fit} everything is exact.
 */
@NullMarked
package io.github.dl4jaskew;

import org.jspecify.annotations.NullMarked;
