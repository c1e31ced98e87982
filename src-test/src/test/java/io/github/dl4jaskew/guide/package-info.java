/**
 * The pages that users read, held against the code: snippets are compiled and run, commands parsed and run by their
 * programs, and messages quoted under a symptom are provoked.
 */
@NullMarked
package io.github.dl4jaskew.guide;

import org.jspecify.annotations.NullMarked;
