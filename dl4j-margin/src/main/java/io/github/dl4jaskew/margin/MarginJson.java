package io.github.dl4jaskew.margin;

import io.github.dl4jaskew.margin.metrics.ClassMargins;
import io.github.dl4jaskew.margin.metrics.CollapseMetrics;
import io.github.dl4jaskew.margin.metrics.ExampleMargin;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.LayerNorm;
import io.github.dl4jaskew.margin.metrics.LayerSpectrum;
import io.github.dl4jaskew.margin.metrics.Loss;
import io.github.dl4jaskew.margin.metrics.MarginCounts;
import io.github.dl4jaskew.margin.metrics.MarginHistogram;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import io.github.dl4jaskew.margin.metrics.MarginStationarity;
import io.github.dl4jaskew.margin.metrics.MarginSummary;
import io.github.dl4jaskew.margin.metrics.NearMargin;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import io.github.dl4jaskew.margin.metrics.SupportPair;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.io.JsonEOFException;
import org.nd4j.shade.jackson.core.json.JsonWriteFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.json.JsonMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A snapshot as one line of JSON, and back, without loss. The names are those of {@link MarginSnapshot}; what is empty is
 * left out. Lines of older versions are read too; what these did not measure is empty. In the oldest, {@code examples} is the number of
 * margins, and the hardest example has no label: -1. Pure functions; thread safe.
 */
public final class MarginJson {

    /** In ASCII, with escapes: a layer's name may hold half of a surrogate pair, which UTF-8 has not. */
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private MarginJson() {}

    /**
     * Writes a snapshot.
     *
     * @param snapshot to write
     * @return a JSON object without line breaks
     */
    public static String write(MarginSnapshot snapshot) {
        try {
            return MAPPER.writeValueAsString(tree(snapshot));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and texts is JSON", e);
        }
    }

    /**
     * Writes a snapshot as a tree.
     *
     * @param snapshot to write
     * @return a JSON object
     */
    public static JsonNode tree(MarginSnapshot snapshot) {
        ObjectNode node = MAPPER.createObjectNode();
        SnapshotColumns.WHOLE.forEach((name, value) -> node.put(name, value.applyAsLong(snapshot)));
        SnapshotColumns.NUMBERS.forEach(
                (name, value) -> value.apply(snapshot).ifPresent(number -> node.put(name, number)));
        node.put("upperBound", snapshot.upperBound());
        snapshot.loss().ifPresent(loss -> node.put("loss", loss.name()));
        array(node, "quantiles", snapshot.quantiles(), (to, value) -> to.add(value));
        snapshot.histogram().ifPresent(h -> {
            ObjectNode to = node.putObject("histogram").put("width", h.width()).put("first", h.first());
            array(to, "counts", h.counts(), (list, value) -> list.add(value));
        });
        examples(node, snapshot.hardest(), snapshot.classes());
        array(node, "supportCounts", snapshot.supportCounts(), (to, value) -> to.add(value));
        array(node, "balance", snapshot.balance(), (to, value) -> to.add(value));
        array(node, "reasons", snapshot.reasons(), (to, value) -> to.add(value));
        array(
                node,
                "layerNorms",
                snapshot.layerNorms(),
                (to, value) -> to.addObject().put("layer", value.layer()).put("norm", value.norm()));
        stage(node.putObject("stage"), snapshot.stage());
        snapshot.gradient().ifPresent(g -> {
            ObjectNode to = node.putObject("gradient");
            SnapshotColumns.GRADIENT.forEach((name, value) -> value.apply(g).ifPresent(number -> to.put(name, number)));
        });
        snapshot.marginStationarity().ifPresent(m -> {
            ObjectNode to = node.putObject("marginStationarity");
            SnapshotColumns.STATIONARITY.forEach(
                    (name, value) -> value.apply(m).ifPresent(number -> to.put(name, number)));
            to.put("candidates", m.candidates()).put("pairs", m.pairs());
            array(
                    to,
                    "support",
                    m.support(),
                    (list, pair) -> list.addObject()
                            .put("example", pair.example())
                            .put("position", pair.position())
                            .put("output", pair.output())
                            .put("label", pair.label())
                            .put("other", pair.other())
                            .put("margin", pair.margin())
                            .put("multiplier", pair.multiplier()));
        });
        snapshot.progress().ifPresent(p -> {
            ObjectNode to = node.putObject("progress");
            SnapshotColumns.PROGRESS.forEach((name, value) -> value.apply(p).ifPresent(number -> to.put(name, number)));
        });
        snapshot.nearMargin().ifPresent(n -> {
            ObjectNode to = node.putObject("nearMargin");
            SnapshotColumns.NEAR.forEach((name, value) -> value.apply(n).ifPresent(number -> to.put(name, number)));
            array(to, "leftOut", n.leftOut(), (list, value) -> list.add(value));
        });
        snapshot.test().ifPresent(t -> {
            ObjectNode to = node.putObject("test");
            counts(to, t.counts());
            SnapshotColumns.TEST.forEach((name, value) -> value.apply(t).ifPresent(number -> to.put(name, number)));
            array(to, "quantiles", t.quantiles(), (list, value) -> list.add(value));
            examples(to, t.hardest(), t.classes());
        });
        snapshot.collapse().ifPresent(c -> {
            ObjectNode to = node.putObject("collapse");
            SnapshotColumns.COLLAPSE.forEach((name, value) -> value.apply(c).ifPresent(number -> to.put(name, number)));
        });
        snapshot.robustness().ifPresent(r -> {
            ObjectNode to = node.putObject("robustness");
            SnapshotColumns.ROBUSTNESS.forEach(
                    (name, value) -> value.apply(r).ifPresent(number -> to.put(name, number)));
            r.nearestExample().ifPresent(example -> to.put("nearestExample", example));
            array(
                    to,
                    "layers",
                    r.layers(),
                    (list, layer) -> list.addObject()
                            .put("layer", layer.layer())
                            .put("spectralNorm", layer.spectralNorm())
                            .put("stableRank", layer.stableRank()));
        });
        return node;
    }

    /** Whether a line is the beginning of a snapshot, but no whole one. */
    static boolean isCut(String line) {
        if (!line.startsWith("{")) {
            return line.isBlank();
        }
        try {
            MAPPER.readTree(line);
            return false;
        } catch (JsonEOFException e) {
            return true;
        } catch (IOException e) {
            // Half a number or word is no end of the input to the parser.
            return !line.endsWith("}");
        }
    }

    /**
     * Reads a snapshot.
     *
     * @param json as written by {@link #write}
     * @return an equal snapshot
     * @throws IllegalArgumentException if that is no such object
     */
    public static MarginSnapshot read(String json) {
        try {
            return read(MAPPER.readTree(json));
        } catch (IOException e) {
            throw new IllegalArgumentException("no JSON object: " + json, e);
        }
    }

    /**
     * Reads a snapshot from a tree.
     *
     * @param node as made by {@link #tree}
     * @return an equal snapshot
     * @throws IllegalArgumentException if that is no such object
     */
    public static MarginSnapshot read(JsonNode node) {
        return new MarginSnapshot(
                required(node, "iteration").intValue(),
                required(node, "epoch").intValue(),
                counts(node),
                required(node, "upperBound").booleanValue(),
                required(node, "minimumMargin").doubleValue(),
                number(node, "largestMargin").orElse(Double.NaN),
                node.has("hardest") ? list(node, "hardest", MarginJson::example) : List.of(hardestOfOld(node)),
                node.has("classes") ? list(node, "classes", MarginJson::ofClass) : List.of(),
                list(node, "quantiles", JsonNode::doubleValue),
                Optional.ofNullable(node.get("histogram")).map(MarginJson::histogram),
                required(node, "accuracy").doubleValue(),
                list(node, "supportCounts", JsonNode::intValue),
                required(node, "norm").doubleValue(),
                list(
                        node,
                        "layerNorms",
                        n -> new LayerNorm(
                                required(n, "layer").textValue(),
                                required(n, "norm").doubleValue())),
                list(node, "balance", JsonNode::doubleValue),
                number(node, "degree"),
                number(node, "normalizedMargin"),
                number(node, "linfNormalizedMargin"),
                number(node, "l1NormalizedMargin"),
                number(node, "productNormalizedMargin"),
                number(node, "smoothedMargin"),
                Optional.ofNullable(node.get("loss")).map(n -> Loss.valueOf(n.textValue())),
                number(node, "logLossSum"),
                number(node, "drift"),
                number(node, "normGrowth"),
                Optional.ofNullable(node.get("progress")).map(MarginJson::progress),
                stage(required(node, "stage")),
                Optional.ofNullable(node.get("gradient")).map(MarginJson::gradient),
                Optional.ofNullable(node.get("marginStationarity")).map(MarginJson::stationarity),
                Optional.ofNullable(node.get("nearMargin")).map(MarginJson::nearMargin),
                Optional.ofNullable(node.get("collapse")).map(MarginJson::collapse),
                Optional.ofNullable(node.get("robustness")).map(MarginJson::robustness),
                Optional.ofNullable(node.get("test")).map(MarginJson::summary),
                list(node, "reasons", JsonNode::textValue));
    }

    private static ExampleMargin hardestOfOld(JsonNode node) {
        return new ExampleMargin(
                required(node, "hardestExample").intValue(),
                0,
                0,
                -1,
                -1,
                required(node, "minimumMargin").doubleValue());
    }

    private static void counts(ObjectNode node, MarginCounts counts) {
        node.put("examples", counts.examples())
                .put("rows", counts.rows())
                .put("masked", counts.masked())
                .put("outputs", counts.outputs());
    }

    private static MarginCounts counts(JsonNode node) {
        int examples = required(node, "examples").intValue();
        return node.has("rows")
                ? new MarginCounts(
                        examples,
                        node.get("rows").intValue(),
                        required(node, "masked").intValue(),
                        required(node, "outputs").intValue())
                : new MarginCounts(examples, examples, 0, 1);
    }

    private static MarginHistogram histogram(JsonNode node) {
        return new MarginHistogram(
                required(node, "width").doubleValue(),
                required(node, "first").longValue(),
                list(node, "counts", JsonNode::intValue));
    }

    private static void stage(ObjectNode node, MarginSnapshot.Stage stage) {
        node.put("entered", stage.entered()).put("timesLeft", stage.timesLeft());
        stage.entry().ifPresent(i -> node.put("entry", i));
        stage.firstSeparated().ifPresent(i -> node.put("firstSeparated", i));
        stage.firstBelowThreshold().ifPresent(i -> node.put("firstBelowThreshold", i));
        stage.lastLeft().ifPresent(i -> node.put("lastLeft", i));
    }

    private static MarginSnapshot.Stage stage(JsonNode node) {
        return new MarginSnapshot.Stage(
                required(node, "entered").booleanValue(),
                whole(node, "entry"),
                whole(node, "firstSeparated"),
                whole(node, "firstBelowThreshold"),
                required(node, "timesLeft").intValue(),
                whole(node, "lastLeft"));
    }

    private static GradientMetrics gradient(JsonNode node) {
        return new GradientMetrics(
                required(node, "alignment").doubleValue(),
                number(node, "stationarity"),
                number(node, "windowedAlignment"),
                number(node, "windowRadius"),
                number(node, "nearKinks"),
                number(node, "kktEpsilon"),
                number(node, "kktDelta"),
                number(node, "effectiveStep"),
                required(node, "effectiveSupport").doubleValue(),
                number(node, "eulerResidual"));
    }

    private static void examples(ObjectNode node, List<ExampleMargin> hardest, List<ClassMargins> classes) {
        array(
                node,
                "hardest",
                hardest,
                (to, m) -> to.addObject()
                        .put("example", m.example())
                        .put("position", m.position())
                        .put("output", m.output())
                        .put("label", m.label())
                        .put("runnerUp", m.runnerUp())
                        .put("margin", m.margin()));
        array(
                node,
                "classes",
                classes,
                (to, c) -> to.addObject()
                        .put("output", c.output())
                        .put("label", c.label())
                        .put("margins", c.margins())
                        .put("minimumMargin", c.minimumMargin())
                        .put("meanMargin", c.meanMargin())
                        .put("accuracy", c.accuracy()));
    }

    private static ExampleMargin example(JsonNode node) {
        return new ExampleMargin(
                required(node, "example").intValue(),
                required(node, "position").intValue(),
                required(node, "output").intValue(),
                required(node, "label").intValue(),
                required(node, "runnerUp").intValue(),
                required(node, "margin").doubleValue());
    }

    private static ClassMargins ofClass(JsonNode node) {
        return new ClassMargins(
                required(node, "output").intValue(),
                required(node, "label").intValue(),
                required(node, node.has("margins") ? "margins" : "examples").intValue(),
                required(node, "minimumMargin").doubleValue(),
                required(node, "meanMargin").doubleValue(),
                required(node, "accuracy").doubleValue());
    }

    private static MarginSummary summary(JsonNode node) {
        return new MarginSummary(
                counts(node),
                required(node, "testMinimumMargin").doubleValue(),
                required(node, "testLargestMargin").doubleValue(),
                list(node, "quantiles", JsonNode::doubleValue),
                required(node, "testAccuracy").doubleValue(),
                list(node, "hardest", MarginJson::example),
                list(node, "classes", MarginJson::ofClass));
    }

    private static MarginStationarity stationarity(JsonNode node) {
        return new MarginStationarity(
                required(node, "marginCosine").doubleValue(),
                number(node, "marginTangent"),
                required(node, "candidates").intValue(),
                required(node, "pairs").intValue(),
                list(
                        node,
                        "support",
                        pair -> new SupportPair(
                                required(pair, "example").intValue(),
                                required(pair, "position").intValue(),
                                required(pair, "output").intValue(),
                                required(pair, "label").intValue(),
                                required(pair, "other").intValue(),
                                required(pair, "margin").doubleValue(),
                                required(pair, "multiplier").doubleValue())));
    }

    private static MarginProgress progress(JsonNode node) {
        return new MarginProgress(
                required(node, "effectiveTime").doubleValue(),
                number(node, "predictedLimit"),
                number(node, "progress"));
    }

    private static NearMargin nearMargin(JsonNode node) {
        return new NearMargin(
                required(node, "nearDegree").doubleValue(),
                required(node, "nearNorm").doubleValue(),
                required(node, "nearNormalizedMargin").doubleValue(),
                list(node, "leftOut", JsonNode::textValue));
    }

    private static RobustnessMetrics robustness(JsonNode node) {
        JsonNode nearest = node.get("nearestExample");
        return new RobustnessMetrics(
                number(node, "smallestDistance"),
                nearest == null ? OptionalInt.empty() : OptionalInt.of(nearest.intValue()),
                number(node, "medianDistance"),
                number(node, "certificate"),
                list(
                        node,
                        "layers",
                        layer -> new LayerSpectrum(
                                required(layer, "layer").textValue(),
                                required(layer, "spectralNorm").doubleValue(),
                                required(layer, "stableRank").doubleValue())));
    }

    private static CollapseMetrics collapse(JsonNode node) {
        return new CollapseMetrics(
                number(node, "variability"),
                number(node, "normSpread"),
                number(node, "angleSpread"),
                number(node, "simplexGap"),
                number(node, "dualityGap"),
                number(node, "classifierNormSpread"),
                number(node, "classifierAngleSpread"),
                number(node, "classifierSimplexGap"),
                number(node, "centerAgreement"));
    }

    private interface Adder<T> {
        void add(ArrayNode to, T value);
    }

    private static <T> void array(ObjectNode node, String name, List<T> values, Adder<T> adder) {
        ArrayNode to = node.putArray(name);
        values.forEach(value -> adder.add(to, value));
    }

    private static JsonNode required(JsonNode node, String name) {
        JsonNode value = node.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a snapshot needs \"" + name + "\"; this is " + node);
        }
        return value;
    }

    private static OptionalDouble number(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
    }

    private static OptionalLong whole(JsonNode node, String name) {
        @Nullable JsonNode value = node.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value.longValue());
    }

    private static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> reader) {
        List<T> values = new ArrayList<>();
        required(node, name).forEach(n -> values.add(reader.apply(n)));
        return values;
    }
}
