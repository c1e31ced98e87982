package io.github.dl4jaskew.packed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The checksum is that of RFC 3720 and of the JDK. */
class Crc32cTest {

    @Test
    void checkValue() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        Crc32c crc = new Crc32c();
        crc.update(digits, 0, digits.length);
        assertThat(crc.value()).isEqualTo(0xE3069283);
    }

    @Test
    void anyPartsOfAnyBytes() {
        Random random = new Random(1);
        byte[] bytes = new byte[1000];
        random.nextBytes(bytes);
        Crc32c actual = new Crc32c();
        for (int trial = 0; trial < 50; trial++) {
            CRC32C expected = new CRC32C();
            actual.reset();
            for (int at = random.nextInt(9); at < bytes.length; ) {
                int count = Math.min(bytes.length - at, random.nextInt(40));
                expected.update(bytes, at, count);
                actual.update(bytes, at, count);
                at += Math.max(1, count);
            }
            assertThat(actual.value()).isEqualTo((int) expected.getValue());
        }
    }
}
