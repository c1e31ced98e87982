package io.github.dl4jaskew.pages;

import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import org.deeplearning4j.core.storage.Persistable;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.core.storage.StorageMetaData;
import org.jspecify.annotations.Nullable;

/** A record with one number, for tests of pages in general. */
record Notes(String getTypeID, String getSessionID, String getWorkerID, long getTimeStamp, double value)
        implements StorageMetaData {

    static final String TYPE = "notes";

    Notes(String session, String worker, long time, double value) {
        this(TYPE, session, worker, time, value);
    }

    /** Reads them; the value 13 is unreadable. */
    static final RunReader READER = new RunReader() {
        @Override
        public String typeId() {
            return TYPE;
        }

        @Override
        public void read(Persistable update, Row row) {
            Notes note = (Notes) update;
            if (note.value == 13) {
                throw new IllegalStateException("unlucky");
            }
            row.x(note.getTimeStamp).put("value", note.value);
        }
    };

    static void post(StatsStorage storage, String session, String worker, double... values) {
        storage.putStorageMetaData(new Notes(session, worker, 0, -1));
        storage.putStaticInfo(new Notes(session, worker, 0, -1));
        for (int i = 0; i < values.length; i++) {
            storage.putUpdate(new Notes(session, worker, i + 1, values[i]));
        }
    }

    static Page page() {
        return builder().build();
    }

    static Page.Builder builder() {
        return Page.builder("notes", "Notes & <others>")
                .reader(READER)
                .assets(Assets.class, "assets/", "dom.js", "page.css")
                .record(run -> List.of("echo?text=a", "echo?text=b"))
                .endpoint(
                        "echo",
                        (run, query) -> org.nd4j.shade.jackson.databind.node.JsonNodeFactory.instance
                                .objectNode()
                                .put("text", query.text("text"))
                                .put("session", run.session()))
                .endpoint("overflow", (run, query) -> {
                    throw new StackOverflowError("an error, not an exception");
                })
                .endpoint("broken", (run, query) -> {
                    throw new IllegalStateException("a secret");
                });
    }

    @Override
    public String getInitTypeClass() {
        return Notes.class.getName();
    }

    @Override
    public String getUpdateTypeClass() {
        return Notes.class.getName();
    }

    @Override
    public @Nullable Serializable getExtraMetaData() {
        return null;
    }

    @Override
    public int encodingLengthBytes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] encode() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void encode(ByteBuffer buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void encode(OutputStream outputStream) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void decode(byte[] decode) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void decode(ByteBuffer buffer) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void decode(java.io.InputStream inputStream) {
        throw new UnsupportedOperationException();
    }
}
