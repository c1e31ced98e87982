/** What users have written, in packages that are none of this library's. */
@NullMarked
package example;

import org.jspecify.annotations.NullMarked;
