package io.github.dl4jaskew.ui;

import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.pages.BadQueryException;
import io.github.dl4jaskew.pages.Query;
import io.github.dl4jaskew.pages.Run;
import io.github.dl4jaskew.storage.AskewRecord;
import io.github.dl4jaskew.storage.AskewRun;
import io.github.dl4jaskew.storage.PlannedParameter;
import io.github.dl4jaskew.storage.WeightsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Weight histograms, one parameter at one moment at a time. Moments are counted from 0; each is a report. */
final class WeightsAnswer {

    /** Histograms that a report holds for each run: some 1.5 kB each. */
    private static final int MOST_RECORDED = 1_200;

    private static final int MOST_MOMENTS = 60;
    private static final int FEWEST_MOMENTS = 12;

    private WeightsAnswer() {}

    /** The number of moments, which of them a report holds, and the parameters. */
    static JsonNode moments(Run run, Query query) {
        List<Long> times = run.times();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("count", times.size());
        ArrayNode parameters = answer.putArray("parameters");
        ArrayNode at = answer.putArray("recorded");
        if (times.isEmpty()) {
            return answer;
        }
        List<WeightsRecord.Weights> all = weights(run, times.get(times.size() - 1))
                .map(WeightsRecord::parameters)
                .orElse(List.of());
        all.forEach(w -> parameters.addObject().put("layer", w.layer()).put("parameter", w.parameter()));
        answer.put("recordedParameters", recordedParameters(all.size()));
        spread(times.size(), all.size()).forEach(at::add);
        return answer;
    }

    /** One histogram with the intervals of its time. */
    static JsonNode of(Run run, Query query) {
        List<Long> times = run.times();
        int at = (int) query.whole("at", 0, Math.max(0, times.size() - 1), times.size() - 1);
        if (at < 0) {
            throw new BadQueryException("the run has no records yet");
        }
        long time = times.get(at);
        WeightsRecord record =
                weights(run, time).orElseThrow(() -> new BadQueryException("moment " + at + " has no histograms"));
        int index = (int) query.whole("parameter", 0, Integer.MAX_VALUE, 0);
        if (index >= record.parameters().size()) {
            throw new BadQueryException("the parameter \"parameter\" is " + index + "; the run has "
                    + record.parameters().size());
        }
        WeightsRecord.Weights weights = record.parameters().get(index);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("at", at)
                .put("iteration", record.iteration())
                .put("epoch", record.epoch())
                .put("epsilon", record.epsilon())
                .put("tau", Interval.tau(record.epsilon()))
                .put("layer", weights.layer())
                .put("parameter", weights.parameter())
                .put("binsPerCell", weights.histogram().binsPerCell());
        ArrayNode counts = answer.putArray("counts");
        for (long count : weights.histogram().counts()) {
            counts.add(count);
        }
        ArrayNode bands = answer.putArray("bands");
        record.intervals(weights).forEach(i -> bands.addArray().add(i.lower()).add(i.upper()));
        ArrayNode levels = answer.putArray("levels");
        levels(run, weights).forEach(levels::add);
        row(run, time, weights).ifPresent(r -> {
            put(answer, "infeasible", r.infeasibleShare());
            put(answer, "distance", r.meanDistance());
        });
        return answer;
    }

    /** JSON has no NaN, to which a training may come. */
    private static void put(ObjectNode answer, String name, double value) {
        if (Double.isFinite(value)) {
            answer.put(name, value);
        }
    }

    /** What a report asks in advance. */
    static List<String> recorded(Run run) {
        List<String> queries = new ArrayList<>(List.of("plan", "moments"));
        List<Long> times = run.times();
        if (times.isEmpty()) {
            return queries;
        }
        int parameters = weights(run, times.get(times.size() - 1))
                .map(w -> w.parameters().size())
                .orElse(0);
        for (int p = 0; p < recordedParameters(parameters); p++) {
            for (int at : spread(times.size(), parameters)) {
                queries.add("weights?at=" + at + "&parameter=" + p);
            }
        }
        return queries;
    }

    private static int recordedParameters(int parameters) {
        return Math.min(parameters, MOST_RECORDED / FEWEST_MOMENTS);
    }

    /** Evenly chosen moments, the first and the last among them. */
    private static List<Integer> spread(int count, int parameters) {
        int wanted = Math.max(FEWEST_MOMENTS, Math.min(MOST_MOMENTS, MOST_RECORDED / Math.max(1, parameters)));
        int size = Math.min(count, wanted);
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            chosen.add(size == 1 ? 0 : (int) ((long) i * (count - 1) / (size - 1)));
        }
        return chosen;
    }

    private static Optional<WeightsRecord> weights(Run run, long time) {
        return run.update(WeightsRecord.TYPE, time)
                .filter(WeightsRecord.class::isInstance)
                .map(WeightsRecord.class::cast);
    }

    private static Optional<AskewReport.Row> row(Run run, long time, WeightsRecord.Weights weights) {
        return run.update(time)
                .filter(AskewRecord.class::isInstance)
                .map(AskewRecord.class::cast)
                .flatMap(record -> record.report().parameters().stream()
                        .filter(r -> r.layer().equals(weights.layer())
                                && r.parameter().equals(weights.parameter()))
                        .findFirst());
    }

    /** The levels at unit scale, or none if the plan is not known or another. */
    private static List<Double> levels(Run run, WeightsRecord.Weights weights) {
        return run.staticInfo()
                .filter(AskewRun.class::isInstance)
                .map(AskewRun.class::cast)
                .flatMap(plan -> plan.parameters().stream()
                        .filter(p -> p.layer().equals(weights.layer())
                                && p.parameter().equals(weights.parameter()))
                        .findFirst())
                .map(PlannedParameter::levels)
                .filter(levels -> levels.size() == weights.histogram().levels())
                .orElse(List.of());
    }
}
