/**
 * The rule of AskewSGD (Leconte, Schechtman, Moulines, AISTATS 2023, arXiv:2211.03741) for one weight, to be read next to the
 * paper: {@link io.github.dl4jaskew.interval.Interval} holds the formulas, {@link io.github.dl4jaskew.interval.Stage} says whether
 * the rule acts on the gradient or on the updater's step.
 *
 * <table>
 * <caption>Symbols of the paper and their names here</caption>
 * <tr><th>symbol</th><th>name</th></tr>
 * <tr><td>c_1 .. c_K</td><td>levels of a {@link io.github.dl4jaskew.grid.Grid}</td></tr>
 * <tr><td>s</td><td>{@link io.github.dl4jaskew.grid.Scale}</td></tr>
 * <tr><td>t</td><td>cell coordinate</td></tr>
 * <tr><td>eps</td><td>epsilon: 1 leaves weights free, 0 closes the intervals</td></tr>
 * <tr><td>tau</td><td>inner edge of the intervals, in cell coordinates</td></tr>
 * <tr><td>psi</td><td>{@link io.github.dl4jaskew.interval.Interval#psi}</td></tr>
 * <tr><td>gamma</td><td>learning rate</td></tr>
 * <tr><td>alpha</td><td>alpha; rho = alpha * gamma is the restoring rate</td></tr>
 * <tr><td>K</td><td>restoring displacement</td></tr>
 * <tr><td>M, m</td><td>largest restoring displacement of a step, in half cells</td></tr>
 * </table>
 */
@NullMarked
package io.github.dl4jaskew.interval;

import org.jspecify.annotations.NullMarked;
