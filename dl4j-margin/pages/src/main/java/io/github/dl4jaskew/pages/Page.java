package io.github.dl4jaskew.pages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page: what it is called, what it reads, and the scripts that draw it. Immutable. */
public final class Page {

    private final String name;
    private final String title;
    private final RunReader reader;
    private final Assets assets;
    private final Map<String, Endpoint> endpoints;
    private final Function<Run, List<String>> recorded;

    private Page(Builder builder, RunReader reader, Assets assets) {
        name = builder.name;
        title = builder.title;
        this.reader = reader;
        this.assets = assets;
        endpoints = Map.copyOf(builder.endpoints);
        recorded = builder.recorded;
    }

    /**
     * Begins a page.
     *
     * @param name its path: a lower-case word
     * @param title shown to people
     * @return a builder without reader and assets
     * @throws IllegalArgumentException if the name is not made of the letters a to z
     */
    public static Builder builder(String name, String title) {
        if (!name.matches("[a-z]+")) {
            throw new IllegalArgumentException("name is \"" + name + "\"; it must be made of the letters a to z");
        }
        return new Builder(name, title);
    }

    /** {@return the path, without a slash} */
    public String name() {
        return name;
    }

    /** {@return the title, shown to people} */
    public String title() {
        return title;
    }

    RunReader reader() {
        return reader;
    }

    Assets assets() {
        return assets;
    }

    Map<String, Endpoint> endpoints() {
        return endpoints;
    }

    List<String> recorded(Run run) {
        return recorded.apply(run);
    }

    /** Builds a page. Not thread safe. */
    public static final class Builder {

        private final String name;
        private final String title;
        private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
        private @Nullable RunReader reader;
        private @Nullable Class<?> owner;
        private String folder = "";
        private List<String> files = List.of();
        private Function<Run, List<String>> recorded = run -> List.of();

        private Builder(String name, String title) {
            this.name = name;
            this.title = title;
        }

        /**
         * Sets what reads the records.
         *
         * @param reader of one type of records
         * @return this
         */
        public Builder reader(RunReader reader) {
            this.reader = reader;
            return this;
        }

        /**
         * Sets the scripts and style sheets.
         *
         * @param owner a class of the jar with the files
         * @param folder relative to the class, as {@code "assets/"}
         * @param files their names; the first is the module whose default export says what is drawn
         * @return this
         */
        public Builder assets(Class<?> owner, String folder, String... files) {
            this.owner = owner;
            this.folder = folder;
            this.files = List.of(files);
            return this;
        }

        /**
         * Adds a question that the page's scripts ask.
         *
         * @param name a lower-case word other than {@code runs} and {@code data}
         * @param endpoint answers it
         * @return this
         * @throws IllegalArgumentException if the name is taken or no lower-case word
         */
        public Builder endpoint(String name, Endpoint endpoint) {
            if (!name.matches("[a-z]+") || name.equals("runs") || name.equals("data") || endpoints.containsKey(name)) {
                throw new IllegalArgumentException("endpoint is \"" + name
                        + "\"; it must be made of the letters a to z, and be none of runs, data and "
                        + endpoints.keySet());
            }
            endpoints.put(name, endpoint);
            return this;
        }

        /**
         * Sets which answers a report holds besides the numbers.
         *
         * @param queries of a run, as {@code "histogram?at=3"}, without the run itself
         * @return this
         */
        public Builder record(Function<Run, List<String>> queries) {
            recorded = queries;
            return this;
        }

        /**
         * Builds the page.
         *
         * @return the page
         * @throws IllegalStateException if reader or assets are missing, or a file is not there
         */
        public Page build() {
            if (reader == null || owner == null || files.isEmpty()) {
                throw new IllegalStateException("a page needs a reader and assets");
            }
            List<Assets.Source> sources = new ArrayList<>();
            for (String file : files) {
                sources.add(new Assets.Source(name + "/" + file, owner, folder + file));
            }
            return new Page(this, reader, Assets.load(sources));
        }
    }
}
