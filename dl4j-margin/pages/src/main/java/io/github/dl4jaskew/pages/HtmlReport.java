package io.github.dl4jaskew.pages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.core.storage.StatsStorage;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * Pages of finished runs as one HTML file, which needs no server and no network: the pages' scripts, and the answers to
 * all that they ask. Charts can be enlarged as far as the report's numbers go: short runs are whole, of long ones the
 * extremes are there. Of more than 200 runs, those that began last are there, which the report says. Needs deeplearning4j-core alone, and no server.
 */
public final class HtmlReport {

    /** Twice a served page's, for want of answers to what somebody enlarges. */
    private static final int BUCKETS = 1536;

    private HtmlReport() {}

    /**
     * Begins a report.
     *
     * @param storage holds the runs
     * @return a builder without pages
     */
    public static Builder builder(StatsStorage storage) {
        return new Builder(storage);
    }

    /** Writes a report. Not thread safe. */
    public static final class Builder {

        private final StatsStorage storage;
        private final List<Page> pages = new ArrayList<>();
        private final Set<String> sessions = new HashSet<>();
        private String title = "Training report";

        private Builder(StatsStorage storage) {
            this.storage = storage;
        }

        /**
         * Sets the title.
         *
         * @param text shown above all
         * @return this
         */
        public Builder title(String text) {
            title = text;
            return this;
        }

        /**
         * Takes these sessions only, instead of all.
         *
         * @param ids of the sessions
         * @return this
         */
        public Builder sessions(String... ids) {
            sessions.addAll(List.of(ids));
            return this;
        }

        /**
         * Adds a page, below those added before. One of which the storage has no records is left out.
         *
         * @param page to add
         * @return this
         */
        public Builder page(Page page) {
            pages.add(page);
            return this;
        }

        /**
         * Writes the report.
         *
         * @param file created with its directory, or replaced
         * @throws IOException if the file cannot be written
         * @throws IllegalArgumentException if the storage has no records of these pages and sessions
         */
        public void write(Path file) throws IOException {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new FileSystemException(file.toString(), null, "this is not a regular file");
            }
            // not writeString, which refuses half of a surrogate pair, as a title may hold
            Files.write(file, html().getBytes(StandardCharsets.UTF_8));
        }

        /** The document. */
        String html() {
            Map<String, String> answers = new LinkedHashMap<>();
            List<Page> shown = new ArrayList<>();
            for (Page page : pages) {
                if (record(page, answers)) {
                    shown.add(page);
                }
            }
            if (shown.isEmpty()) {
                throw new IllegalArgumentException("the storage has no records of the pages "
                        + pages.stream().map(Page::name).toList()
                        + (sessions.isEmpty() ? "" : " in the sessions " + sessions));
            }
            return PageHtml.report(title, shown, answers);
        }

        private boolean record(Page page, Map<String, String> into) {
            LogOnce once = new LogOnce();
            Runs runs = new Runs(page.reader(), once, session -> sessions.isEmpty() || sessions.contains(session));
            Answers answers = new Answers(page, runs, BUCKETS);
            runs.attach(storage);
            JsonNode list = answers.list();
            list.get("runs")
                    .forEach(node ->
                            record(page, answers, runs.find(node.get("id").textValue()), into));
            into.put(page.name() + "/runs", Reply.text(list));
            return !list.get("runs").isEmpty();
        }

        private static void record(Page page, Answers answers, Run run, Map<String, String> into) {
            do {
                run.read(RunTable::rows);
            } while (run.hasMore());
            List<String> questions = new ArrayList<>(page.recorded(run));
            questions.add(0, "data");
            for (String question : questions) {
                int mark = question.indexOf('?');
                String name = mark < 0 ? question : question.substring(0, mark);
                Query query = Query.parse(mark < 0 ? "" : question.substring(mark + 1))
                        .with("run", run.id());
                into.put(page.name() + "/" + name + "?" + query.canonical(), Reply.text(answers.answer(name, query)));
            }
        }
    }
}
