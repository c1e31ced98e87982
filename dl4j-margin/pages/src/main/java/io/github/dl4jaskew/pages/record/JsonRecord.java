package io.github.dl4jaskew.pages.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.deeplearning4j.core.storage.Persistable;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A record of a {@code StatsStorage}, encoded as the JSON object {@code {"version", "kind", "session", "worker", "time",
 * "content"}} in ASCII; {@code kind} is the simple name of its class. Immutable but for {@code decode}, which storages call on
 * a new one; not thread safe while that runs.
 *
 * @param <T> its content: a Java record that Jackson maps to JSON and back, which rejects bad values in its constructor
 * @serial exclude
 */
public abstract class JsonRecord<T> implements Persistable {

    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    // ASCII with escapes: a name may hold half of a surrogate pair, which UTF-8 cannot encode.
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();

    private final String type;
    private final Class<T> contentClass;
    private String session;
    private String worker;
    private long time;

    // Serialized as encoded bytes, see writeReplace.
    @SuppressWarnings("serial")
    private T content;

    /**
     * Wraps a content.
     *
     * @param type of the records that a {@code StatsStorage} keeps together
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param contentClass the content's class
     * @param content what is stored
     */
    protected JsonRecord(String type, String session, String worker, long time, Class<T> contentClass, T content) {
        this.type = type;
        this.session = session;
        this.worker = worker;
        this.time = time;
        this.contentClass = contentClass;
        this.content = content;
    }

    /** {@return what is stored} */
    protected final T content() {
        return content;
    }

    @Override
    public final String getSessionID() {
        return session;
    }

    @Override
    public String getTypeID() {
        return type;
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
        ObjectNode record = MAPPER.createObjectNode()
                .put("version", VERSION)
                .put("kind", getClass().getSimpleName())
                .put("session", session)
                .put("worker", worker)
                .put("time", time);
        record.set("content", MAPPER.valueToTree(content));
        try {
            return MAPPER.writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and texts is JSON", e);
        }
    }

    @Override
    public final void encode(ByteBuffer buffer) {
        buffer.put(encode());
    }

    @Override
    public final void encode(OutputStream outputStream) throws IOException {
        outputStream.write(encode());
    }

    @Override
    public final void decode(byte[] decode) {
        try {
            read(decode);
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new UncheckedIOException("not of the kind " + getClass().getSimpleName() + ": " + reason, e);
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

    private void read(byte[] bytes) throws IOException {
        JsonNode record = MAPPER.readTree(bytes);
        int version = field(record, "version").asInt();
        if (version != VERSION) {
            throw new IOException("version is " + version + "; this library reads " + VERSION);
        }
        String kind = field(record, "kind").asText();
        if (!kind.equals(getClass().getSimpleName())) {
            throw new IOException("its kind is " + kind);
        }
        content = MAPPER.treeToValue(field(record, "content"), contentClass);
        session = field(record, "session").asText();
        worker = field(record, "worker").asText();
        time = field(record, "time").asLong();
    }

    private static JsonNode field(JsonNode record, String name) throws IOException {
        JsonNode value = record.get(name);
        if (value == null || value.isNull()) {
            throw new IOException("it has no \"" + name + "\"");
        }
        return value;
    }

    /**
     * SQLite storages serialize objects: then, too, the encoded bytes are all that is stored.
     *
     * @return what is serialized instead
     */
    protected final Object writeReplace() {
        return new Serialized(getClass(), encode());
    }

    private static final class Serialized implements Serializable {
        private static final long serialVersionUID = 1;

        private final Class<?> kind;
        private final byte[] bytes;

        Serialized(Class<?> kind, byte[] bytes) {
            this.kind = kind;
            this.bytes = bytes;
        }

        Object readResolve() throws ObjectStreamException {
            try {
                JsonRecord<?> record =
                        kind.asSubclass(JsonRecord.class).getConstructor().newInstance();
                record.decode(bytes);
                return record;
            } catch (ReflectiveOperationException | ClassCastException e) {
                InvalidObjectException refusal = new InvalidObjectException(kind.getName() + " is no kind of records");
                refusal.initCause(e);
                throw refusal;
            }
        }
    }
}
