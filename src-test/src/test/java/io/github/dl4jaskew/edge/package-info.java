/** The artifact for readers without Deeplearning4j. */
@NullMarked
package io.github.dl4jaskew.edge;

import org.jspecify.annotations.NullMarked;
