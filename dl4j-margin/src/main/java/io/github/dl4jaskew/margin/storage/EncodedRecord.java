package io.github.dl4jaskew.margin.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.deeplearning4j.core.storage.Persistable;

/** What all records share: a version, session, worker and time, then what is their own. */
abstract class EncodedRecord implements Persistable {

    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    private String session;
    private String worker;
    private long time;

    EncodedRecord(String session, String worker, long time) {
        this.session = session;
        this.worker = worker;
        this.time = time;
    }

    abstract void writeRest(DataOutputStream out) throws IOException;

    abstract void readRest(DataInputStream in) throws IOException;

    @Override
    public final String getSessionID() {
        return session;
    }

    @Override
    public final String getTypeID() {
        return MarginRecord.TYPE;
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
        out.writeByte(VERSION);
        out.writeUTF(session);
        out.writeUTF(worker);
        out.writeLong(time);
        writeRest(out);
        out.flush();
    }

    @Override
    public final void decode(byte[] decode) {
        try {
            decode(new ByteArrayInputStream(decode));
        } catch (IOException e) {
            throw new UncheckedIOException("not a record of margins", e);
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
        DataInputStream in = new DataInputStream(inputStream);
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException("version is " + version + "; this library reads " + VERSION);
        }
        session = in.readUTF();
        worker = in.readUTF();
        time = in.readLong();
        readRest(in);
    }
}
