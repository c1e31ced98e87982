package io.github.dl4jaskew.margin.storage;

import io.github.dl4jaskew.margin.MarginJson;
import io.github.dl4jaskew.margin.MarginSnapshot;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A snapshot as a record of a {@code StatsStorage}. Encoded as a version, session, worker, time and the snapshot's JSON.
 * Immutable but for {@code decode}, which storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class MarginRecord extends EncodedRecord {

    /** The type of all these records. */
    public static final String TYPE = "DL4JMargin";

    private static final long serialVersionUID = 1;

    private String json = "";

    /** For storages, which decode into it. */
    public MarginRecord() {
        super("", "", 0);
    }

    /**
     * Wraps a snapshot.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param snapshot what was measured
     */
    public MarginRecord(String session, String worker, long time, MarginSnapshot snapshot) {
        super(session, worker, time);
        json = MarginJson.write(snapshot);
    }

    /**
     * The snapshot.
     *
     * @return equal to the one that was wrapped
     * @throws IllegalArgumentException if nothing was decoded yet
     */
    public MarginSnapshot snapshot() {
        return MarginJson.read(json);
    }

    @Override
    void writeRest(DataOutputStream out) throws IOException {
        // Longer than writeUTF can, with many layers.
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
    }

    @Override
    void readRest(DataInputStream in) throws IOException {
        int length = in.readInt();
        // Nothing is allocated that the bytes at hand cannot fill.
        byte[] text = length < 0 ? new byte[0] : in.readNBytes(length);
        if (text.length != length) {
            throw new IOException("its text is said to have " + length + " bytes; " + text.length + " are there");
        }
        json = new String(text, StandardCharsets.UTF_8);
    }
}
