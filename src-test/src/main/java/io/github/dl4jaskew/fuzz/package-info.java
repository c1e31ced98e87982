/** Packed files that are changed at random, with right checksums, and read: each is refused with a reason, or a network. */
@NullMarked
package io.github.dl4jaskew.fuzz;

import org.jspecify.annotations.NullMarked;
