package io.github.dl4jaskew.fuzz;

import io.github.dl4jaskew.testkit.Sections;
import io.github.dl4jaskew.testkit.Sections.Section;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes packed files at random: one to four changes each, of bytes, numbers, JSON values, or whole sections. */
final class FileMutator {

    private static final int MOST_CHANGES = 4;
    private static final int KINDS = 8;
    private static final double HONEST = 0.95;
    private static final Pattern VALUE = Pattern.compile(":(\"[^\"]*\"|[-0-9.eE]+|true|false|null|\\[[^\\[\\]]*\\])");
    private static final List<String> WORDS = List.of(
            "0",
            "-1",
            "1",
            "7",
            "2147483647",
            "-9223372036854775808",
            "1e300",
            "null",
            "true",
            "\"\"",
            "\"NaN\"",
            "[]",
            "{}",
            "[1,2]",
            "[0,0]",
            "\"FLOAT\"",
            "\"Same\"",
            "\"MAX\"",
            "{\"@class\":\"org.nd4j.linalg.activations.impl.ActivationTanH\"}");
    private static final int[] NUMBERS = {0, 1, 2, 3, 7, 255, 256, 1 << 15, 1 << 20, 1 << 26, Integer.MAX_VALUE, -1, -2
    };
    private static final double[] DOUBLES = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e300, 4.9e-324};

    private final Random random;

    /** Draws from a generator, which decides everything. */
    FileMutator(Random random) {
        this.random = random;
    }

    /** A changed file; the given one is left alone. */
    byte[] mutate(byte[] file) {
        Sections sections = Sections.of(file);
        int changes = 1 + random.nextInt(MOST_CHANGES);
        for (int i = 0; i < changes && !sections.list.isEmpty(); i++) {
            change(sections.list);
        }
        sections.honestEnd = random.nextDouble() < HONEST;
        return sections.join();
    }

    private void change(List<Section> sections) {
        int at = random.nextInt(sections.size());
        Section section = sections.get(at);
        if (random.nextInt(50) == 0) {
            rearrange(sections, at);
        } else if (section.tag.equals("CONF") && random.nextInt(10) > 0) {
            sections.set(at, new Section(section.tag, withOtherValue(section.payload)));
        } else {
            sections.set(at, new Section(section.tag, withOtherBytes(section.payload)));
        }
    }

    private void rearrange(List<Section> sections, int at) {
        Section section = sections.get(at);
        int to = random.nextInt(sections.size());
        switch (random.nextInt(3)) {
            case 0 -> sections.remove(at);
            case 1 -> sections.add(to, section);
            default -> sections.set(at, new Section(sections.get(to).tag, section.payload));
        }
    }

    private byte[] withOtherValue(byte[] payload) {
        if (payload.length == 0) {
            return payload;
        }
        String json = new String(payload, 1, payload.length - 1, StandardCharsets.UTF_8);
        List<MatchResult> values = VALUE.matcher(json).results().toList();
        if (values.isEmpty()) {
            return withOtherBytes(payload);
        }
        MatchResult value = values.get(random.nextInt(values.size()));
        String other = random.nextBoolean()
                ? WORDS.get(random.nextInt(WORDS.size()))
                : values.get(random.nextInt(values.size())).group(1);
        byte[] changed = (json.substring(0, value.start(1)) + other + json.substring(value.end(1)))
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(changed.length + 1)
                .put(payload[0])
                .put(changed)
                .array();
    }

    private byte[] withOtherBytes(byte[] payload) {
        byte[] bytes = payload.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int kind = random.nextInt(KINDS);
        if (kind == 0 || bytes.length < Double.BYTES) {
            return Arrays.copyOf(bytes, random.nextInt(bytes.length + 16));
        }
        int at = random.nextInt(bytes.length);
        int wide = random.nextInt(bytes.length - Double.BYTES + 1);
        switch (kind) {
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 3 -> buffer.putInt(wide, NUMBERS[random.nextInt(NUMBERS.length)]);
            case 4 -> buffer.putInt(wide, buffer.getInt(wide) + random.nextInt(5) - 2);
            case 5 -> buffer.putDouble(wide, DOUBLES[random.nextInt(DOUBLES.length)]);
            case 6 -> buffer.putFloat(wide, (float) DOUBLES[random.nextInt(DOUBLES.length)]);
            default -> buffer.putLong(wide, random.nextLong() >>> random.nextInt(Long.SIZE));
        }
        return bytes;
    }
}
