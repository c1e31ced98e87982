package io.github.dl4jaskew.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.management.ThreadMXBean;
import io.github.dl4jaskew.packed.PackedFormatException;
import io.github.dl4jaskew.testkit.Sections;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;

/** Files from strangers are refused with a reason, or give the network that they describe. */
class ModelSafetyTest {

    private static final byte[] FILE = ModelFiles.bytes(ModelFiles.dense());

    /** What ND4J says of native memory beyond a limit. */
    private static final String ALLOCATION_FAILED = "Allocation failed";

    private static void requireRefused(byte[] file, String... reasons) {
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> ModelFiles.load(file))
                .satisfies(e -> {
                    assertThat(e.getMessage()).isNotBlank().doesNotContain(ALLOCATION_FAILED);
                    for (String reason : reasons) {
                        assertThat(e.getMessage()).contains(reason);
                    }
                });
    }

    private static void requireRefused(String from, String to, String... reasons) {
        byte[] file = Sections.of(FILE)
                .json(json -> {
                    assertThat(json).contains(from);
                    return json.replace(from, to);
                })
                .join();
        requireRefused(file, reasons);
    }

    @Test
    void theUntouchedFileLoads() throws IOException {
        assertThat(Sections.of(FILE).join()).isEqualTo(FILE);
        assertThat(ModelFiles.bytes(ModelFiles.load(FILE))).isEqualTo(FILE);
    }

    @Test
    void truncatedAnywhere() {
        for (int n = 0; n < FILE.length; n++) {
            requireRefused(Arrays.copyOf(FILE, n), "ends too early");
        }
    }

    @Test
    void anyByteFlipped() {
        for (int i = 0; i < FILE.length; i++) {
            byte[] file = FILE.clone();
            file[i] ^= (byte) (1 << (i % 8));
            requireRefused(file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.io.File",
                "javax.script.ScriptEngineManager",
                "org.nd4j.shade.jackson.databind.ObjectMapper",
                "org.nd4j",
                "org.deeplearning4jx.Evil",
                "java.util.ArrayList<org.deeplearning4j.nn.conf.layers.DenseLayer>",
                "com.example.MyLayer"
            })
    void hostileClassNames(String name) {
        requireRefused(
                "\"@class\":\"org.deeplearning4j.nn.conf.layers.DenseLayer\"", "\"@class\":\"" + name + "\"", name);
        requireRefused("\"@class\":\"org.nd4j.linalg.learning.config.Sgd\"", "\"@class\":\"" + name + "\"", name);
        requireRefused(
                "\"type\":\"" + "org.deeplearning4j.nn.conf.distribution.NormalDistribution\"",
                "\"type\":\"" + name + "\"");
    }

    @Test
    void classesOfOthersAreNotTouched() {
        String name = "foreign.Canary";
        requireRefused("org.nd4j.linalg.activations.impl.ActivationSigmoid", name, name);
        requireRefused(
                "\"type\":\"org.deeplearning4j.nn.conf.distribution.NormalDistribution\"", "\"type\":\"" + name + "\"");
        assertThat(System.getProperty("foreign.touched")).isNull();
    }

    @Test
    void classesOfTheWrongKind() {
        requireRefused(
                "org.deeplearning4j.nn.conf.layers.DenseLayer",
                "org.nd4j.linalg.learning.config.Adam",
                "DL4J refuses it");
        requireRefused(
                "org.deeplearning4j.nn.conf.layers.DenseLayer", "org.deeplearning4j.NoSuchClass", "DL4J refuses it");
    }

    /** ND4J would say {@link #ALLOCATION_FAILED} instead of the reason. */
    @Test
    void hugeConfigurationsAreNotAllocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long heap = threads.getCurrentThreadAllocatedBytes();
        Environment natives = Nd4j.getEnvironment();
        long limit = natives.getDeviceLimit(0);
        natives.setDeviceLimit(0, natives.getDeviceCouner(0) + 1_000_000);
        try {
            requireRefused("\"nin\":3", "\"nin\":1000000000", "expected length");
            requireRefused("\"nout\":2", "\"nout\":1000000000", "expected length");
            requireRefused("\"nin\":3,\"nout\":2", "\"nin\":-3,\"nout\":-2", "expected length");
            requireRefused("\"nin\":3,\"nout\":2", "\"nin\":4294967296,\"nout\":4294967296");
        } finally {
            natives.setDeviceLimit(0, limit);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - heap).isLessThan(100_000_000);
    }

    @Test
    void otherNetworksOfTheSameSizeAreRefused() {
        requireRefused("\"nin\":3,\"nout\":2", "\"nin\":1,\"nout\":4", "layer 'dense'");
        requireRefused("\"layerName\":\"dense\"", "\"layerName\":\"other\"", "'other'");
        requireRefused("\"dataType\":\"FLOAT\"", "\"dataType\":\"DOUBLE\"");
        requireRefused("\"dataType\":\"FLOAT\"", "\"dataType\":\"INT\"");
    }

    @Test
    void whatDl4jWouldIgnoreIsRefused() {
        requireRefused("\"hasBias\":true", "\"hasBias\":true,\"unknown\":1", "would write");
        requireRefused("\"layerName\":\"dense\",", "");
    }

    @Test
    void hostileJson() {
        Sections sections = Sections.of(FILE);
        requireRefused(sections.json(json -> "[".repeat(100_000)).join(), "no JSON object");
        requireRefused(sections.json(json -> "{\"a\":".repeat(100_000)).join(), "nests deeper");
        requireRefused(sections.json(json -> "{\"a\":[").join(), "refused");
        requireRefused(sections.json(json -> "{}").join(), "refused");
        requireRefused(sections.json(json -> "").join(), "refused");
        requireRefused(sections.json(json -> "null").join(), "refused");
        requireRefused(sections.json(json -> "{\"confs\":null}").join(), "refused");
        requireRefused("\"nin\":3", "\"nin\":1e999999999", "number out of range");
        requireRefused("\"nin\":3", "\"nin\":" + "9".repeat(1000), "number out of range");
        requireRefused("\"nin\":3", "\"nin\":3,\"nin\":4", "no JSON");
        requireRefused("\"layerName\":\"dense\"", "\"layerName\":\"dense\"} {", "refused");
    }

    /** Each digit of a number chooses "aR" or "b1", which have the same hash code by powers of 33, Jackson's. */
    @Test
    void namesWithEqualHashCodes() {
        StringBuilder names = new StringBuilder("{");
        for (int i = 0; i < 1 << 12; i++) {
            names.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 12; bit++) {
                names.append((i >> bit & 1) == 0 ? "aR" : "b1");
            }
            names.append("\":0");
        }
        requireRefused(Sections.of(FILE).json(json -> names + "}").join(), "refused");
    }

    @Test
    void hostileArrays() {
        String array = "\"hasBias\":{\"dataType\":\"FLOAT\",\"shape\":[%s],\"data\":[1.0]}";
        requireRefused("\"hasBias\":true", String.format(array, "1000000000,1000"), "shape and data disagree");
        requireRefused("\"hasBias\":true", String.format(array, "-1,-1"), "shape and data disagree");
        requireRefused("\"hasBias\":true", "\"hasBias\":{\"dataBuffer\":[1]}", "old format");
    }

    @Test
    void graphsAreNoListsOfLayers() {
        Sections sections = Sections.of(FILE);
        sections.get("CONF").payload[0] = 1;
        requireRefused(sections.join(), "refused");
        sections.get("CONF").payload[0] = 2;
        requireRefused(sections.join(), "QuantizedSameDiff");
        sections.get("CONF").payload[0] = 3;
        requireRefused(sections.join(), "kind of network");
    }

    @Test
    void tablesOfOtherNetworks() {
        Sections sections = Sections.of(FILE);
        byte[] table = sections.get("PARS").payload;
        int name = new String(table, StandardCharsets.ISO_8859_1).indexOf("dense");
        table[name] = 'D';
        requireRefused(sections.join(), "'Dense'");

        Sections empty = Sections.of(FILE);
        empty.get("PARS").payload = new byte[8];
        empty.list.removeIf(s -> s.tag.equals("DATA"));
        requireRefused(empty.join(), "no parameters");
    }

    /** Numbers and words of the configuration are replaced by others, checksums are right. */
    @Test
    void randomConfigurations() {
        Random random = new Random(3);
        String[] words = {
            "0",
            "-1",
            "1",
            "2147483647",
            "-9223372036854775808",
            "1e300",
            "null",
            "true",
            "\"\"",
            "\"NaN\"",
            "[]",
            "{}",
            "\"FLOAT\"",
            "[1,2]",
            "{\"@class\":\"org.nd4j.linalg.learning.config.Adam\"}"
        };
        Pattern value = Pattern.compile(":(\"[^\"]*\"|[-0-9.eE]+|true|false|null)");
        int loaded = 0;
        for (int n = 0; n < 300; n++) {
            byte[] file = Sections.of(FILE)
                    .json(json -> replaceOne(json, value, words, random))
                    .join();
            loaded += loads(file) ? 1 : 0;
        }
        assertThat(loaded).isBetween(1, 299);
    }

    private static String replaceOne(String json, Pattern value, String[] words, Random random) {
        Matcher matcher = value.matcher(json);
        long count = matcher.results().count();
        long chosen = random.nextInt((int) count);
        matcher.reset();
        for (long i = 0; i <= chosen; i++) {
            matcher.find();
        }
        return json.substring(0, matcher.start(1))
                + words[random.nextInt(words.length)]
                + json.substring(matcher.end(1));
    }

    /** Bytes of the other sections are replaced, checksums are right. */
    @Test
    void randomTables() {
        Random random = new Random(4);
        for (int n = 0; n < 300; n++) {
            Sections sections = Sections.of(FILE);
            byte[] table = sections.get(random.nextBoolean() ? "PARS" : "DATA").payload;
            int at = random.nextInt(table.length);
            if (random.nextBoolean() || at + 8 > table.length) {
                table[at] = (byte) random.nextInt();
            } else {
                ByteBuffer.wrap(table)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(at, random.nextLong() >>> random.nextInt(64));
            }
            loads(sections.join());
        }
    }

    private static boolean loads(byte[] file) {
        try {
            ModelFiles.load(file);
            return true;
        } catch (PackedFormatException e) {
            assertThat(e.getMessage()).isNotBlank();
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
