package io.github.dl4jaskew.examples.data;

import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * English sentences of a small grammar, in which a verb agrees with its noun: "the red fox sees an owl.", "two old dogs
 * follow a bird." Who predicts the characters must remember for a while.
 */
public final class GrammarText {

    /** All characters of all texts, in the order of their numbers. */
    public static final String ALPHABET = " .abcdefghijklmnopqrstuvwxyz";

    private static final List<String> ADJECTIVES = List.of("", "", "red ", "small ", "very old ", "quick ");
    private static final List<String> NOUNS = List.of("fox", "dog", "bird", "snake", "mole");
    private static final List<String> VERBS = List.of("see", "hear", "follow", "find");

    private GrammarText() {}

    /**
     * A text.
     *
     * @param length number of characters; the last sentence may be cut off
     * @param seed decides the words
     * @return characters of the alphabet
     */
    public static String generate(int length, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            boolean many = random.nextBoolean();
            text.append(many ? "two " : "the ")
                    .append(pick(ADJECTIVES, random))
                    .append(pick(NOUNS, random))
                    .append(many ? "s " : " ")
                    .append(pick(VERBS, random))
                    .append(many ? " " : "s ")
                    .append("a ")
                    .append(pick(ADJECTIVES, random))
                    .append(pick(NOUNS, random))
                    .append(". ");
        }
        return text.substring(0, length);
    }

    private static String pick(List<String> words, Random random) {
        return words.get(random.nextInt(words.size()));
    }

    /**
     * A text as sequences, side by side: the features of each step are one character, its labels are the next one.
     *
     * @param text characters of the alphabet
     * @param steps length of a sequence, at least 1; what is left over at the end is not used
     * @return arrays of shape {@code [sequences, characters, steps]}
     * @throws IllegalArgumentException if the text is too short for one sequence, or has another character
     */
    public static DataSet sequences(String text, int steps) {
        if (steps < 1 || text.length() <= steps) {
            throw new IllegalArgumentException(
                    "steps is " + steps + "; allowed is 1 to " + (text.length() - 1) + ", one less than the text has");
        }
        int rows = (text.length() - 1) / steps;
        INDArray features = Nd4j.zeros(rows, ALPHABET.length(), steps);
        INDArray labels = Nd4j.zeros(rows, ALPHABET.length(), steps);
        for (int row = 0; row < rows; row++) {
            for (int t = 0; t < steps; t++) {
                features.putScalar(row, number(text.charAt(row * steps + t)), t, 1);
                labels.putScalar(row, number(text.charAt(row * steps + t + 1)), t, 1);
            }
        }
        return new DataSet(features, labels);
    }

    /**
     * The number of a character.
     *
     * @param character one of the alphabet
     * @return its index there
     * @throws IllegalArgumentException if it is another
     */
    public static int number(char character) {
        int number = ALPHABET.indexOf(character);
        if (number < 0) {
            throw new IllegalArgumentException("'" + character + "' is not in the alphabet '" + ALPHABET + "'");
        }
        return number;
    }
}
