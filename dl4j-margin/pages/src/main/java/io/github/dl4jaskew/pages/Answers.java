package io.github.dl4jaskew.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** The questions that a page's scripts ask, and their answers. Thread safe. */
final class Answers {

    static final int BUCKETS = 768;

    private static final int MAX_NAME = 200;
    private static final int MAX_ADDRESS = 2000;

    private final Page page;
    private final Runs runs;
    private final int maxBuckets;

    Answers(Page page, Runs runs, int maxBuckets) {
        this.page = page;
        this.runs = runs;
        this.maxBuckets = maxBuckets;
    }

    Page page() {
        return page;
    }

    Runs runs() {
        return runs;
    }

    /** The runs. */
    JsonNode list() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("runs");
        for (Runs.Entry entry : runs.list()) {
            list.addObject()
                    .put("id", entry.id())
                    .put("session", shortened(entry.session()))
                    .put("worker", shortened(entry.worker()))
                    .put("time", entry.begin())
                    .put("overview", "/" + page.name() + "/train?run=" + entry.id());
        }
        return answer.put("truncated", runs.isTruncated());
    }

    /** The answer to a question about a run. */
    JsonNode answer(String question, Query query) {
        Endpoint endpoint =
                question.equals("data") ? this::data : page.endpoints().get(question);
        if (endpoint == null) {
            throw new BadQueryException(404, "there is no such question");
        }
        return endpoint.answer(runs.find(query.text("run")), query);
    }

    private JsonNode data(Run run, Query query) {
        ObjectNode answer = run.read(table -> {
            DataAnswer data = new DataAnswer(table, maxBuckets);
            ObjectNode points = query.has("min") || query.has("max")
                    ? between(data, query.number("min"), query.number("max"))
                    : data.since((int) query.whole("after", 0, Integer.MAX_VALUE, 0), (int)
                            query.whole("level", 0, Byte.MAX_VALUE, -1));
            ArrayNode restarts = points.putArray("restarts");
            table.restarts().forEach(restarts::add);
            points.set("latest", table.latest());
            return points.put("columnsDropped", table.isCut());
        });
        return answer.put("run", run.id()).put("more", run.hasMore());
    }

    private static ObjectNode between(DataAnswer data, double min, double max) {
        if (!(min <= max)) {
            throw new BadQueryException("min is " + min + " and max is " + max + "; min must not be greater");
        }
        return data.between(min, max);
    }

    private static String shortened(String name) {
        if (name.length() <= MAX_NAME) {
            return name;
        }
        int end = Character.isHighSurrogate(name.charAt(MAX_NAME - 1)) ? MAX_NAME - 1 : MAX_NAME;
        return name.substring(0, end) + "…";
    }

    /** Where DL4J shows a session; {@code multiSession} as its server. */
    static String training(String session, boolean multiSession) {
        if (!multiSession) {
            return "/train/overview";
        }
        String encoded = URLEncoder.encode(session, StandardCharsets.UTF_8).replace("+", "%20");
        return encoded.length() > MAX_ADDRESS || session.startsWith(".") ? "/train" : "/train/" + encoded + "/overview";
    }
}
