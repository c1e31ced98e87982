/**
 * Predicts with a packed network in plain Java: needs {@code java.base} alone, neither ND4J nor native code, for phones,
 * gateways and start-up in milliseconds. The artifact {@code dl4j-askew-edge} holds this package and {@code packed}, and brings
 * nothing else.
 *
 * <pre>{@code
 * try (InputStream in = new FileInputStream("digits.askew")) {
 *     EdgeModel model = EdgeModel.load(in);        // after askew.quantize(net).save(Path.of("digits.askew"))
 *     float[] pixels = ...;                        // model.inputSize() numbers: [channels, height, width]
 *     float[] scores = model.predict(pixels);      // what net.output gives, within 1e-5
 *     int digit = model.classify(pixels);
 *
 *     EdgeSession session = model.newSession();    // one for each thread; predicting then allocates nothing
 *     session.predict(pixels, scores);
 * }
 * }</pre>
 *
 * <p>Features must be normalized as for the training; if the file describes how, {@link
 * io.github.dl4jaskew.edge.EdgeModel#normalizing()} does it.
 */
@NullMarked
package io.github.dl4jaskew.edge;

import org.jspecify.annotations.NullMarked;
