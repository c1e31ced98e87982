/**
 * Where listeners of both libraries deliver what they measured: {@link io.github.dl4jaskew.pages.sink.Delivery} keeps a receiver that
 * fails from ending the training, and {@link io.github.dl4jaskew.pages.sink.LineFile} appends whole lines to a file that a kill may
 * have cut.
 */
@NullMarked
package io.github.dl4jaskew.pages.sink;

import org.jspecify.annotations.NullMarked;
