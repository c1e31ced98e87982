/** Problems whose margins are known, and the digits of which they are not: the parts of the example LateStage. */
@NullMarked
package io.github.dl4jaskew.examples.margin;

import org.jspecify.annotations.NullMarked;
