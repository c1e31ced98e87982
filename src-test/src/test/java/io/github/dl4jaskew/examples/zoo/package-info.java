/** Pretrained weights. */
@NullMarked
package io.github.dl4jaskew.examples.zoo;

import org.jspecify.annotations.NullMarked;
