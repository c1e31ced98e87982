/** Features of examples from files: text and NumPy's arrays, see {@link io.github.dl4jaskew.cli.data.Features}. */
@NullMarked
package io.github.dl4jaskew.cli.data;

import org.jspecify.annotations.NullMarked;
