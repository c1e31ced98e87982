/** Training that is killed at random moments and resumed: ends with the same weights as without the kills, or it does not. */
@NullMarked
package io.github.dl4jaskew.resume;

import org.jspecify.annotations.NullMarked;
