/** What the programs leave behind: results as JSON, a table, and charts as PNG. */
@NullMarked
package io.github.dl4jaskew.examples.report;

import org.jspecify.annotations.NullMarked;
