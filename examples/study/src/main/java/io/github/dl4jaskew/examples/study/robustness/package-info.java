/** Whether the recipes hold on networks of every kind: with and without batch norm, dense, convolutional, recurrent, regressions. */
@NullMarked
package io.github.dl4jaskew.examples.study.robustness;

import org.jspecify.annotations.NullMarked;
