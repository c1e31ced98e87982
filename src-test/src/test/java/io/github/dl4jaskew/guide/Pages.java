package io.github.dl4jaskew.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Markdown pages of the repository, and what stands in them. */
final class Pages {

    /** Of the repository; tests run in the module. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Where the messages of each library are quoted. */
    static final Path ASKEW = ROOT.resolve("dl4j-askew/docs/messages.md");

    static final Path MARGIN = ROOT.resolve("dl4j-margin/docs/messages.md");

    private Pages() {}

    /**
     * A fenced block.
     *
     * @param page where it stands
     * @param line of its first line, from 1
     * @param language behind the fence; empty if there is none
     * @param text between the fences
     */
    record Block(Path page, int line, String language, String text) {
        String place() {
            return ROOT.relativize(page) + ":" + line;
        }
    }

    /** All pages but the changelog, which tells of what was. */
    static List<Path> all() {
        try (Stream<Path> files = Files.walk(ROOT, 4)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.endsWith("CHANGELOG.md"))
                    .filter(file -> Stream.of("target", ".git")
                            .noneMatch(skipped -> ROOT.relativize(file).startsWith(skipped)
                                    || ROOT.relativize(file).toString().contains("/" + skipped + "/")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fenced blocks of a page. */
    static List<Block> blocks(Path page) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = lines(page);
        int start = -1;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).stripLeading().startsWith("```")) {
                continue;
            }
            if (start < 0) {
                start = i;
            } else {
                String language = lines.get(start).strip().substring(3);
                blocks.add(new Block(page, start + 2, language, String.join("\n", lines.subList(start + 1, i))));
                start = -1;
            }
        }
        return blocks;
    }

    /** The text below each heading of a level, by heading. */
    static Map<String, String> sections(Path page, String hashes) {
        Map<String, String> sections = new LinkedHashMap<>();
        String heading = null;
        for (String line : lines(page)) {
            if (line.startsWith(hashes + " ")) {
                heading = line.substring(hashes.length() + 1).strip();
                sections.put(heading, "");
            } else if (line.matches("#+ .*") && line.indexOf(' ') < hashes.length()) {
                heading = null;
            } else if (heading != null) {
                sections.merge(heading, line + "\n", String::concat);
            }
        }
        return sections;
    }

    /** A text as it is compared: where lines are broken, and how far things stand apart, does not count. */
    static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
