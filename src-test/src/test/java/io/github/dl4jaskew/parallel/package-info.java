/** Training by ParallelWrapper, in threads of one process. */
@NullMarked
package io.github.dl4jaskew.parallel;

import org.jspecify.annotations.NullMarked;
