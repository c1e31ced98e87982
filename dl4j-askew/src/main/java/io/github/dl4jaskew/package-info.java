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
 * <caption>What is here</caption>
 * <tr><th>to say what you want</th><td>{@link io.github.dl4jaskew.AskewBuilder}, {@link io.github.dl4jaskew.Recipes}, {@link
 *     io.github.dl4jaskew.plan.Layers}, {@link io.github.dl4jaskew.plan.LearningRateUnit}; the paper's updater {@link
 *     io.github.dl4jaskew.updater.AskewSgd}</td></tr>
 * <tr><th>to see what happens</th><td>{@link io.github.dl4jaskew.plan.AskewPlan}, {@link io.github.dl4jaskew.listener.AskewListener} and
 *     its {@link io.github.dl4jaskew.listener.AskewReport}, {@link io.github.dl4jaskew.listener.PlateauListener}</td></tr>
 * <tr><th>SameDiff</th><td>constrained variable by variable ({@link io.github.dl4jaskew.plan.Variables}), through the updater of
 *     the training configuration; {@link io.github.dl4jaskew.Askew#resume} goes on with a graph that was loaded</td></tr>
 * <tr><th>ParallelWrapper, Spark</th><td>train copies of the network: {@link io.github.dl4jaskew.ParallelEpochs} says what is
 *     exact and what is not in each of their modes, and leads back to the intervals</td></tr>
 * <tr><th>other methods</th><td>{@link io.github.dl4jaskew.QuantizedTraining} is what all have in common: a {@link
 *     io.github.dl4jaskew.internal.install.TrainingMethod} that an {@link io.github.dl4jaskew.internal.install.Installer} puts on a network</td></tr>
 * <tr><th>what is installed</th><td>{@link io.github.dl4jaskew.internal.askewsgd.SkewedStep}, the rule itself, as a {@link
 *     io.github.dl4jaskew.internal.install.GridStep} of each layer; {@link io.github.dl4jaskew.internal.askewsgd.GridConstraint}, a projection</td></tr>
 * </table>
 *
 * <p>Networks of DL4J are constrained layer by layer, through their configuration, so that saving, copying and restoring
 * them keeps the constraint. In DL4J's own {@code fit} everything is exact.
 */
@NullMarked
package io.github.dl4jaskew;

import org.jspecify.annotations.NullMarked;
