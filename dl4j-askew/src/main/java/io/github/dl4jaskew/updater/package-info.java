/**
 * The updater of the paper. {@link io.github.dl4jaskew.updater.AskewSgd} is gradient descent with the restoring displacement
 * of AskewSGD, for those who want its own step and no other; with any other updater of DL4J the same rule acts on that one's
 * step.
 */
@NullMarked
package io.github.dl4jaskew.updater;

import org.jspecify.annotations.NullMarked;
