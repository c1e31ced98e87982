/** The released artifacts, as a project that knows nothing else sees them. */
@NullMarked
package io.github.dl4jaskew.outside;

import org.jspecify.annotations.NullMarked;
