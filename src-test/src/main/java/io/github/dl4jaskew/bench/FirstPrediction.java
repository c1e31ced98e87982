package io.github.dl4jaskew.bench;

import io.github.dl4jaskew.edge.EdgeModel;
import java.io.IOException;
import java.nio.file.Path;

/** A program that does nothing but load a packed file and predict once, as a function in a cloud does when it is called. */
public final class FirstPrediction {

    private FirstPrediction() {}

    /**
     * Predicts from an input of zeros.
     *
     * @param args a packed file; none for what the JVM takes without it
     * @throws IOException if the file cannot be read
     */
    public static void main(String[] args) throws IOException {
        if (args.length > 0) {
            EdgeModel model = EdgeModel.load(Path.of(args[0]));
            float[] output = model.predict(new float[model.inputSize()]);
            System.out.println(output[0]);
        }
    }
}
