package io.github.dl4jaskew.guide;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command that a page tells its reader to type.
 *
 * @param page where it stands
 * @param line its number, from 1
 * @param text as it is typed
 */
record Command(Path page, int line, String text) {

    /** A description of bytes, and what only a release does. */
    private static final Set<String> NO_COMMANDS = Set.of("FORMAT.md", "RELEASING.md");

    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern ARGS_ALONE = Pattern.compile("-Dargs=(\"[^\"]+\"|\\S+)");
    private static final Pattern WORD = Pattern.compile("((?:[^\\s\"']|\"[^\"]*\"|'[^']*')+)");
    private static final String MAVEN = "./mvnw";

    /**
     * All commands of the pages that readers follow: lines of shell blocks, and code within lines that begins like one. Lines
     * that begin with % are a notebook's.
     */
    static List<Command> all() {
        return Pages.all().stream()
                .filter(page -> !NO_COMMANDS.contains(page.getFileName().toString()))
                .flatMap(Command::of)
                .toList();
    }

    private static Stream<Command> of(Path page) {
        List<Command> commands = new ArrayList<>();
        boolean fenced = false;
        boolean shell = false;
        List<String> lines = Pages.lines(page);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("```")) {
                fenced = !fenced;
                shell = fenced && line.matches("```(sh|bash|shell|console)?");
            } else if (shell && !line.isEmpty() && !line.matches("[#%].*")) {
                commands.add(new Command(page, i + 1, line.replaceFirst("^\\$ ", "")));
            } else if (!fenced) {
                commands.addAll(within(page, i + 1, line));
            }
        }
        return commands.stream();
    }

    /** A table's row may vary the arguments of its command. */
    private static List<Command> within(Path page, int number, String line) {
        List<Command> commands = new ArrayList<>();
        List<String> arguments = new ArrayList<>();
        Matcher span = SPAN.matcher(line);
        while (span.find()) {
            if (span.group(1).startsWith(MAVEN)) {
                commands.add(new Command(page, number, span.group(1)));
            } else if (ARGS_ALONE.matcher(span.group(1)).matches()) {
                arguments.add(span.group(1));
            }
        }
        List<Command> varied = new ArrayList<>(commands);
        for (Command command : commands) {
            for (String args : arguments) {
                varied.add(new Command(page, number, command.text + " " + args));
            }
        }
        return varied;
    }

    /** Whether Maven runs it. */
    boolean isMaven() {
        return text.startsWith(MAVEN + " ");
    }

    /** Its words, without quotes. */
    List<String> words() {
        return words(text);
    }

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group(1).replaceAll("[\"']", ""));
        }
        return words;
    }

    /** Maven's properties, {@code -Dname=value}. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String word : words()) {
            if (word.startsWith("-D")) {
                String[] parts = word.substring(2).split("=", 2);
                properties.put(parts[0], parts.length == 1 ? "true" : parts[1]);
            }
        }
        return properties;
    }

    /** Maven's profile; empty if there is none. */
    String profile() {
        return words().stream()
                .filter(word -> word.startsWith("-P"))
                .map(word -> word.substring(2))
                .findFirst()
                .orElse("");
    }

    /** What Maven is to do; empty for the default. */
    List<String> goals() {
        List<String> goals = new ArrayList<>();
        List<String> words = words();
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).equals("-pl")) {
                i++;
            } else if (!words.get(i).startsWith("-")) {
                goals.add(words.get(i));
            }
        }
        return goals;
    }

    /** The modules behind {@code -pl}. */
    List<String> modules() {
        int at = words().indexOf("-pl");
        return at < 0 ? List.of() : List.of(words().get(at + 1).split(","));
    }

    @Override
    public String toString() {
        return Pages.ROOT.relativize(page) + ":" + line + ": " + text;
    }
}
