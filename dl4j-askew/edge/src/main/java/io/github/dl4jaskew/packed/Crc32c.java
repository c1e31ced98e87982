package io.github.dl4jaskew.packed;

/** The checksum CRC-32C (Castagnoli). That of {@code java.util.zip} would do, but Android has it from API level 34 on only. */
final class Crc32c {

    private static final int POLYNOMIAL = 0x82F63B78;
    private static final int WORD = Integer.BYTES;

    /** What a byte does to the checksum, and what it does when 1 to 3 bytes follow. */
    private static final int[][] TABLES = tables();

    private int state = -1;

    private static int[][] tables() {
        int[][] tables = new int[WORD][256];
        for (int b = 0; b < 256; b++) {
            int crc = b;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL;
            }
            tables[0][b] = crc;
        }
        for (int t = 1; t < WORD; t++) {
            for (int b = 0; b < 256; b++) {
                int before = tables[t - 1][b];
                tables[t][b] = before >>> 8 ^ tables[0][before & 255];
            }
        }
        return tables;
    }

    void reset() {
        state = -1;
    }

    void update(byte[] bytes, int offset, int count) {
        int[] last = TABLES[0];
        int[] third = TABLES[1];
        int[] second = TABLES[2];
        int[] first = TABLES[3];
        int crc = state;
        int i = offset;
        int end = offset + count;
        for (; i <= end - WORD; i += WORD) {
            crc ^= (bytes[i] & 255)
                    | (bytes[i + 1] & 255) << 8
                    | (bytes[i + 2] & 255) << 16
                    | (bytes[i + 3] & 255) << 24;
            crc = first[crc & 255] ^ second[crc >>> 8 & 255] ^ third[crc >>> 16 & 255] ^ last[crc >>> 24];
        }
        for (; i < end; i++) {
            crc = crc >>> 8 ^ last[(crc ^ bytes[i]) & 255];
        }
        state = crc;
    }

    int value() {
        return ~state;
    }
}
