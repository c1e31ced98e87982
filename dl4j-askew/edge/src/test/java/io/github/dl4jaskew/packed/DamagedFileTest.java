package io.github.dl4jaskew.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.dl4jaskew.testkit.Sections;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files are refused with a reason, in little memory. */
class DamagedFileTest {

    private static final byte[] FILE = PackedFiles.bytes();

    private static void requireRefused(byte[] file, String... reasons) {
        assertThatExceptionOfType(PackedFormatException.class)
                .isThrownBy(() -> PackedModel.read(new ByteArrayInputStream(file)))
                .satisfies(e -> {
                    assertThat(e.getMessage()).isNotBlank();
                    for (String reason : reasons) {
                        assertThat(e.getMessage()).contains(reason);
                    }
                });
    }

    @Test
    void truncatedAnywhere() {
        for (int n = 0; n < FILE.length; n++) {
            requireRefused(Arrays.copyOf(FILE, n), "ends too early: after byte " + n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x01, 0x02, 0x10, 0x55, 0x80, 0xFF})
    void anyByteFlipped(int mask) {
        for (int i = 0; i < FILE.length; i++) {
            byte[] file = FILE.clone();
            file[i] ^= (byte) mask;
            requireRefused(file);
        }
    }

    @Test
    void noPackedFile() {
        requireRefused("PK\u0003\u0004 a zip file, or what not".getBytes(StandardCharsets.UTF_8), "magic");
        requireRefused(new byte[100], "magic");
    }

    @Test
    void versionsAndByteOrders() {
        Sections sections = Sections.of(FILE);
        sections.version = 2;
        requireRefused(sections.join(), "version 2", "knows version 1");
        sections.version = 0;
        requireRefused(sections.join(), "version 0");
        sections.version = 1;
        sections.byteOrder = 0x04030201;
        requireRefused(sections.join(), "byte order");
    }

    @Test
    void sectionsOutOfOrder() {
        Sections sections = Sections.of(FILE);
        sections.list.remove(sections.get("DATA"));
        requireRefused(sections.join(), "takes 21 bytes, but 7 are announced");

        sections = Sections.of(FILE);
        sections.list.remove(sections.get("PARS"));
        requireRefused(sections.join(), "section PARS is expected", "norm");

        sections = Sections.of(FILE);
        sections.list.add(5, sections.get("labl"));
        requireRefused(sections.join(), "section labl is there twice");

        sections = Sections.of(FILE);
        sections.list.add(sections.list.size() - 1, new Sections.Section("DATA", new byte[3]));
        requireRefused(sections.join(), "section END  is expected, but section DATA follows");

        sections = Sections.of(FILE);
        sections.get("labl").tag = "LABL";
        requireRefused(sections.join(), "section LABL follows");
    }

    @Test
    void sectionsThatAreNotKnownAreSkipped() throws IOException {
        Sections sections = Sections.of(FILE);
        sections.list.add(3, new Sections.Section("note", new byte[100_000]));
        PackedModel model = PackedModel.read(new ByteArrayInputStream(sections.join()));
        assertThat(model.head()).isEqualTo(PackedFiles.head());
    }

    @Test
    void endsThatDoNotFit() {
        Sections sections = Sections.of(FILE);
        sections.honestEnd = false;
        sections.get("END ").payload[8]++;
        requireRefused(sections.join(), "other sections than it says");
        sections.get("END ").payload[8]--;
        sections.get("END ").payload[0]++;
        requireRefused(sections.join(), "other sections than it says");
    }

    @Test
    void codesAndScalesOutOfRange() {
        Sections sections = Sections.of(FILE);
        sections.get("DATA").payload[16] = (byte) 243;
        requireRefused(sections.join(), "layer 'conv', parameter 'W'", "243");
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            Sections scales = Sections.of(FILE);
            ByteBuffer.wrap(scales.get("DATA").payload)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(4, scale);
            requireRefused(scales.join(), "scale 1 is " + scale);
        }
    }

    @Test
    void absurdLengthsTakeLittleMemory() throws IOException {
        for (String tag : new String[] {"CONF", "PARS", "labl", "DATA"}) {
            for (long length : new long[] {1 << 26, (1 << 26) + 1, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, -1}) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (Sections.Section s : Sections.of(FILE).list) {
                    if (s.tag.equals(tag)) {
                        break;
                    }
                    Sections one = new Sections();
                    one.list.add(s);
                    byte[] joined = one.join();
                    out.write(joined, out.size() == 0 ? 0 : 24, joined.length - (out.size() == 0 ? 0 : 24));
                }
                if (out.size() == 0) {
                    out.write(FILE, 0, 24);
                }
                out.writeBytes(Sections.frame(tag, length));
                out.writeBytes(new byte[100]);
                requireRefusedInLittleMemory(out.toByteArray());
            }
        }
    }

    @Test
    void absurdCountsTakeLittleMemory() {
        for (String tag : new String[] {"PARS", "labl", "norm"}) {
            int length = Sections.of(FILE).get(tag).payload.length;
            for (int i = 0; i + 4 <= length; i++) {
                for (int value : new int[] {-1, Integer.MAX_VALUE, 1 << 24}) {
                    Sections sections = Sections.of(FILE);
                    ByteBuffer.wrap(sections.get(tag).payload)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(i, value);
                    requireTypedInLittleMemory(sections.join());
                }
            }
        }
    }

    /** A hundred parameters of 2^48 elements each. */
    @Test
    void absurdShapesTakeLittleMemory() {
        for (int i = 0; i < 100; i++) {
            Sections sections = Sections.of(FILE);
            byte[] table = sections.get("PARS").payload;
            Arrays.fill(table, table.length - i % table.length - 1, table.length, (byte) i);
            requireTypedInLittleMemory(sections.join());
        }
    }

    @Test
    void randomDamageWithRightChecksums() {
        Random random = new Random(1);
        for (int n = 0; n < 3000; n++) {
            Sections sections = Sections.of(FILE);
            Sections.Section section = sections.list.get(random.nextInt(sections.list.size()));
            sections.honestEnd = random.nextBoolean();
            for (int k = random.nextInt(3); k >= 0 && section.payload.length > 0; k--) {
                section.payload[random.nextInt(section.payload.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(10) == 0) {
                section.payload = Arrays.copyOf(section.payload, random.nextInt(2 * section.payload.length + 1));
            }
            requireTypedInLittleMemory(sections.join());
        }
    }

    private static void requireRefusedInLittleMemory(byte[] file) {
        long before = allocated();
        requireRefused(file);
        assertThat(allocated() - before).isLessThan(4_000_000);
    }

    /** Refused with a reason, or a model: never anything else. */
    private static void requireTypedInLittleMemory(byte[] file) {
        long before = allocated();
        try {
            assertThat(PackedModel.read(new ByteArrayInputStream(file)).parameters())
                    .hasSizeLessThan(10);
        } catch (PackedFormatException e) {
            assertThat(e).hasMessageNotContaining("null");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(allocated() - before).isLessThan(4_000_000);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
