package io.github.dl4jaskew.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.deeplearning4j.core.storage.Persistable;

/** What all records share: a kind, a version, session, worker and time, then what is their own. */
abstract class EncodedRecord implements Persistable {

    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private final Kind kind;
    private String session;
    private String worker;
    private long time;

    /** The records that are told apart by their first byte. */
    enum Kind {
        META_DATA(1, AskewRecord.TYPE),
        RUN(2, AskewRecord.TYPE),
        REPORT(3, AskewRecord.TYPE),
        WEIGHTS(4, WeightsRecord.TYPE);

        private final int number;
        private final String type;

        Kind(int number, String type) {
            this.number = number;
            this.type = type;
        }

        EncodedRecord empty() {
            return switch (this) {
                case META_DATA -> new AskewMetaData();
                case RUN -> new AskewRun();
                case REPORT -> new AskewRecord();
                case WEIGHTS -> new WeightsRecord();
            };
        }
    }

    EncodedRecord(Kind kind, String session, String worker, long time) {
        this.kind = kind;
        this.session = session;
        this.worker = worker;
        this.time = time;
    }

    abstract void writeRest(DataOutputStream out) throws IOException;

    abstract void readRest(RecordInput in) throws IOException;

    @Override
    public final String getSessionID() {
        return session;
    }

    @Override
    public String getTypeID() {
        return kind.type;
    }

    @Override
    public final String getWorkerID() {
        return worker;
    }

    @Override
    public final long getTimeStamp() {
        return time;
    }

    @Override
    public final int encodingLengthBytes() {
        return encode().length;
    }

    @Override
    public final byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            encode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public final void encode(ByteBuffer buffer) {
        buffer.put(encode());
    }

    @Override
    public final void encode(OutputStream outputStream) throws IOException {
        DataOutputStream out = new DataOutputStream(outputStream);
        out.writeByte(kind.number);
        out.writeByte(VERSION);
        RecordInput.writeText(out, session);
        RecordInput.writeText(out, worker);
        out.writeLong(time);
        writeRest(out);
        out.flush();
    }

    @Override
    public final void decode(byte[] decode) {
        try {
            read(decode);
        } catch (IOException | IllegalArgumentException e) {
            String reason = e.getMessage() == null ? "it ends too early" : e.getMessage();
            throw new UncheckedIOException(
                    "not a record of AskewListener: " + reason, e instanceof IOException io ? io : new IOException(e));
        }
    }

    @Override
    public final void decode(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        decode(bytes);
    }

    @Override
    public final void decode(InputStream inputStream) throws IOException {
        decode(inputStream.readAllBytes());
    }

    /** SQLite storages serialize objects: then, too, these bytes are all that is stored. */
    final Object writeReplace() {
        return new Serialized(kind, encode());
    }

    private static final class Serialized implements Serializable {
        private static final long serialVersionUID = 1;

        private final Kind kind;
        private final byte[] bytes;

        Serialized(Kind kind, byte[] bytes) {
            this.kind = kind;
            this.bytes = bytes;
        }

        Object readResolve() {
            EncodedRecord record = kind.empty();
            record.decode(bytes);
            return record;
        }
    }

    private void read(byte[] bytes) throws IOException {
        RecordInput in = new RecordInput(new ByteArrayInputStream(bytes));
        int found = in.data().readUnsignedByte();
        if (found != kind.number) {
            throw new IOException("its kind is " + found + "; that of " + kind + " is " + kind.number);
        }
        int version = in.data().readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("version is " + version + "; this library reads " + VERSION);
        }
        session = in.text();
        worker = in.text();
        time = in.data().readLong();
        readRest(in);
        if (in.left() > 0) {
            throw new IOException(in.left() + " bytes follow its end");
        }
    }
}
