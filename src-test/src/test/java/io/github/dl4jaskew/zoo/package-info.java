/** Models of DL4J's zoo. */
@NullMarked
package io.github.dl4jaskew.zoo;

import org.jspecify.annotations.NullMarked;
