/**
 * What training shows while it runs. {@link io.github.dl4jaskew.listener.AskewListener} measures how far the weights are from
 * their levels, logs it, writes {@link io.github.dl4jaskew.listener.AskewReport}s to CSV or JSON lines and hands {@link
 * io.github.dl4jaskew.listener.AskewSnapshot}s to storages; {@link io.github.dl4jaskew.listener.PlateauListener} closes the
 * intervals when a score stops improving.
 */
@NullMarked
package io.github.dl4jaskew.listener;

import org.jspecify.annotations.NullMarked;
