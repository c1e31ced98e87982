/**
 * What pages in DL4J's user interface have in common. A {@link io.github.dl4jaskew.pages.Page} says which records
 * it reads and which script draws them; {@link io.github.dl4jaskew.pages.PageModule} serves it in DL4J's server,
 * and {@link io.github.dl4jaskew.pages.HtmlReport} writes it as one file. Both answer the same few questions,
 * as JSON: which runs there are, and what of a run is new.
 *
 * <p>Reading only: no request changes anything. Numbers of long runs are sent as the extremes of buckets of rows, whose
 * borders do not move while the run grows, so that each request costs what is new and no more.
 */
@NullMarked
package io.github.dl4jaskew.pages;

import org.jspecify.annotations.NullMarked;
