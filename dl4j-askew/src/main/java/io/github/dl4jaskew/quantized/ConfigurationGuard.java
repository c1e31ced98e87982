package io.github.dl4jaskew.quantized;

import java.io.IOException;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.core.StreamReadFeature;
import org.nd4j.shade.jackson.databind.JavaType;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.cfg.MapperConfig;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.jsontype.PolymorphicTypeValidator;

/**
 * Refuses a configuration that is not safe to be handed to DL4J's parser. That parser makes objects of the classes that
 * the JSON names, recurses as deep as the JSON nests, and makes arrays of the shapes that it states.
 *
 * <p>The text is first read token by token, without recursion. The names of classes are checked there, where they go by
 * {@code @class}, and once more by {@link #CLASSES} where Jackson resolves them, whatever they go by.
 */
final class ConfigurationGuard {

    private static final int MAX_DEPTH = 100;
    private static final int MAX_NUMBER = 40;

    /** Objects of a text, and one more for each so many characters: DL4J makes 2 kB of memory of an empty one. */
    private static final int OBJECTS = 1024;

    private static final int CHARACTERS_PER_OBJECT = 32;

    private static final Pattern ALLOWED =
            Pattern.compile("(org\\.deeplearning4j|org\\.nd4j(?!\\.shade\\.)|io\\.github\\.dl4jaskew)(\\.[\\w$]+)+");

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Lets Jackson resolve DL4J's, ND4J's and our own classes. */
    static final PolymorphicTypeValidator CLASSES = new Classes();

    private ConfigurationGuard() {}

    static boolean isAllowed(String className) {
        return ALLOWED.matcher(className).matches();
    }

    /**
     * Checks a text.
     *
     * @throws IllegalArgumentException if it is not safe, or no JSON object; says why
     */
    static void check(String json) {
        try (JsonParser tokens = FACTORY.createParser(json)) {
            if (tokens.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is no JSON object");
            }
            int depth = 1;
            int objects = 1;
            while (depth > 0) {
                JsonToken token = tokens.nextToken();
                if (token == null) {
                    throw new IllegalArgumentException("it ends too early");
                }
                objects += token == JsonToken.START_OBJECT ? 1 : 0;
                if (objects > OBJECTS + json.length() / CHARACTERS_PER_OBJECT) {
                    throw new IllegalArgumentException("it has more objects than its " + json.length()
                            + " characters justify; allowed are " + OBJECTS + ", and one for each "
                            + CHARACTERS_PER_OBJECT + " characters");
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                check(tokens, token, depth);
            }
            if (tokens.nextToken() != null) {
                throw new IllegalArgumentException("something follows the JSON object");
            }
            checkArrays(new JsonMapper().readTree(json));
        } catch (IOException | IllegalStateException e) {
            // The latter is Jackson's word for many names of equal hash codes.
            throw new IllegalArgumentException("it is no JSON: " + firstLine(e), e);
        }
    }

    private static void check(JsonParser tokens, JsonToken token, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("it nests deeper than " + MAX_DEPTH + " levels");
        }
        // A number such as 1e999999999 takes minutes to be made an integer.
        if (token.isNumeric()
                && (tokens.getTextLength() > MAX_NUMBER || !Double.isFinite(Double.parseDouble(tokens.getText())))) {
            throw new IllegalArgumentException("it has a number out of range");
        }
        if (token == JsonToken.VALUE_STRING
                && "@class".equals(tokens.getCurrentName())
                && !isAllowed(tokens.getText())) {
            throw new IllegalArgumentException(refusal(tokens.getText()));
        }
    }

    /** An array whose shape and data disagree would reach beyond its memory. */
    private static void checkArrays(JsonNode node) {
        if (node.has("dataBuffer")) {
            throw new IllegalArgumentException("it has an array in an old format");
        }
        if (node.has("dataType") && node.has("shape") && node.has("data")) {
            double size = 1;
            for (JsonNode axis : node.get("shape")) {
                size *= axis.isIntegralNumber() && axis.asLong() >= 0 ? axis.asLong() : Double.NaN;
            }
            if (size != node.get("data").size()
                    || !isNumeric(node.get("dataType").asText())) {
                throw new IllegalArgumentException("it has an array whose shape and data disagree");
            }
        }
        node.forEach(ConfigurationGuard::checkArrays);
    }

    private static boolean isNumeric(String type) {
        for (DataType known : DataType.values()) {
            if (known.name().equals(type)) {
                return known.isNumerical();
            }
        }
        return false;
    }

    private static String refusal(String className) {
        return "it names the class " + className.substring(0, Math.min(200, className.length()))
                + ", and only classes of DL4J, ND4J and this library may be loaded";
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static final class Classes extends PolymorphicTypeValidator {

        private static final long serialVersionUID = 1L;

        @Override
        public Validity validateBaseType(MapperConfig<?> config, JavaType baseType) {
            return Validity.INDETERMINATE;
        }

        @Override
        public Validity validateSubClassName(MapperConfig<?> config, JavaType baseType, String subClassName) {
            return isAllowed(subClassName) ? Validity.ALLOWED : Validity.DENIED;
        }

        @Override
        public Validity validateSubType(MapperConfig<?> config, JavaType baseType, JavaType subType) {
            return isAllowed(subType.getRawClass().getName()) ? Validity.ALLOWED : Validity.DENIED;
        }
    }
}
