package io.github.dl4jaskew.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Scripts and style sheets by the names under which scripts import them: {@code uplot}, {@code ui/*.js} what all pages
 * share, and under the page's name its own. All are read at once, from jars: no path that a stranger sends is ever looked
 * up. Immutable.
 */
final class Assets {

    private static final List<String> SHARED = List.of(
            "bars.js",
            "card.js",
            "chart.js",
            "dom.js",
            "export.js",
            "format.js",
            "keys.js",
            "legend.js",
            "live.js",
            "page.js",
            "plot.js",
            "run.js",
            "runs.js",
            "series.js",
            "source.js",
            "state.js",
            "table.js",
            "theme.js",
            "tiles.js",
            "page.css");

    private final Map<String, String> texts;
    private final String module;

    private Assets(Map<String, String> texts, String module) {
        this.texts = texts;
        this.module = module;
    }

    /** A file in a jar. */
    record Source(String name, Class<?> owner, String resource) {}

    static Assets load(List<Source> own) {
        Map<String, String> texts = new LinkedHashMap<>();
        // The WebJar's minified script, made a module.
        texts.put(
                "uplot.js",
                read(new Source("", Assets.class, "uplot/uPlot.iife.min.js")) + "\nexport default uPlot;\n");
        texts.put("uplot.css", read(new Source("", Assets.class, "uplot/uPlot.min.css")));
        for (String file : SHARED) {
            texts.put("ui/" + file, read(new Source("", Assets.class, "assets/" + file)));
        }
        own.forEach(source -> texts.put(source.name(), read(source)));
        return new Assets(texts, own.get(0).name());
    }

    /** What must go with every copy of the chart library. */
    static String chartLicence() {
        return read(new Source("", Assets.class, "uplot/LICENSE")).strip();
    }

    /** A part of a document, whose lines end with LF. */
    static String html(String name) {
        return read(new Source("", Assets.class, "html/" + name));
    }

    private static String read(Source source) {
        try (InputStream in = source.owner().getResourceAsStream(source.resource())) {
            if (in == null) {
                throw new IllegalStateException("the file " + source.resource() + " is not there, next to "
                        + source.owner().getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + source.resource(), e);
        }
    }

    /** The page's own module. */
    String module() {
        return module;
    }

    @Nullable
    String text(String name) {
        return texts.get(name);
    }

    Map<String, String> scripts() {
        return ending(".js");
    }

    Map<String, String> styles() {
        return ending(".css");
    }

    private Map<String, String> ending(String end) {
        Map<String, String> found = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(texts.keySet());
        names.removeIf(name -> !name.endsWith(end));
        names.forEach(name -> found.put(name, texts.getOrDefault(name, "")));
        return found;
    }
}
