/** Networks of DL4J's model zoo: built for digits, loaded with pretrained weights, and fine-tuned. */
@NullMarked
package io.github.dl4jaskew.examples.zoo;

import org.jspecify.annotations.NullMarked;
