package io.github.dl4jaskew.examples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Fisher's irises, 150 flowers of 3 species by 4 measures, from the jar of deeplearning4j-core. */
public final class Iris {

    private static final String RESOURCE = "/iris.dat";
    private static final int FEATURES = 4;
    private static final int CLASSES = 3;
    private static final int TEST = 50;

    private Iris() {}

    /**
     * 100 flowers to train on and 50 to test on, standardised by those to train on.
     *
     * @param seed decides which flower goes where
     * @return the split
     * @throws IOException if the resource is missing or damaged
     */
    public static Split read(long seed) throws IOException {
        List<float[]> rows = rows();
        Collections.shuffle(rows, new Random(seed));
        DataSet test = toDataSet(rows.subList(0, TEST));
        DataSet train = toDataSet(rows.subList(TEST, rows.size()));
        NormalizerStandardize standardize = new NormalizerStandardize();
        standardize.fit(train);
        standardize.transform(train);
        standardize.transform(test);
        return new Split(train, test);
    }

    private static List<float[]> rows() throws IOException {
        List<float[]> rows = new ArrayList<>();
        try (InputStream stream = Iris.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IOException(RESOURCE + " is not on the class path; it is in deeplearning4j-core");
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    rows.add(parse(line));
                }
            }
        }
        return rows;
    }

    private static float[] parse(String line) throws IOException {
        String[] fields = line.strip().split(",", -1);
        float[] row = new float[FEATURES + 1];
        try {
            for (int i = 0; i < row.length; i++) {
                row[i] = Float.parseFloat(fields[i]);
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new IOException(RESOURCE + ": '" + line + "' is not 4 measures and a species", e);
        }
        return row;
    }

    private static DataSet toDataSet(List<float[]> rows) {
        float[][] features = new float[rows.size()][FEATURES];
        float[][] labels = new float[rows.size()][CLASSES];
        for (int i = 0; i < features.length; i++) {
            float[] row = rows.get(i);
            System.arraycopy(row, 0, features[i], 0, FEATURES);
            labels[i][(int) row[FEATURES]] = 1;
        }
        return new DataSet(Nd4j.create(features), Nd4j.create(labels));
    }
}
