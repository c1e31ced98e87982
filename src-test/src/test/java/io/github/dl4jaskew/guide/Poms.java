package io.github.dl4jaskew.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Maven's files say of profiles, as far as commands depend on it. */
final class Poms {

    private static final List<String> MODULES = List.of("examples", "examples/study", "src-test");

    private Poms() {}

    private static String text(String module) {
        try {
            return Files.readString(Pages.ROOT.resolve(Path.of(module, "pom.xml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> profile(String module, String id) {
        Matcher profile = Pattern.compile(
                        "<profile>(?:(?!</profile>).)*?<id>" + id + "</id>.*?</profile>", Pattern.DOTALL)
                .matcher(text(module));
        return profile.find() ? Optional.of(profile.group()) : Optional.empty();
    }

    /** Whether the root knows a profile. */
    static boolean hasProfile(String id) {
        return profile("", id).isPresent();
    }

    /** Whether Maven needs no goal under a profile. */
    static boolean hasDefaultGoal(String id) {
        return profile("", id).filter(p -> p.contains("<defaultGoal>")).isPresent();
    }

    /** The default of a property that a profile reads; empty if it reads none of this name. */
    static Optional<String> property(String id, String name) {
        return MODULES.stream()
                .flatMap(module -> profile(module, id).stream())
                .flatMap(p -> Pattern.compile("<" + name + ">(.*?)</" + name + ">|<" + name + "/>")
                        .matcher(p)
                        .results()
                        .map(match -> match.group(1) == null ? "" : match.group(1)))
                .findFirst();
    }

    /** The main class that a profile runs, if any, with a property in its name filled in. */
    static Optional<String> mainClass(String id, String main) {
        return MODULES.stream()
                .flatMap(module -> profile(module, id).stream())
                .flatMap(
                        p -> Pattern.compile("%classpath ([^\\s<]+)").matcher(p).results())
                .map(match -> match.group(1).replace("${main}", main))
                .findFirst();
    }

    /** The directories of the modules. */
    static List<String> modules() {
        return Pattern.compile("<module>(.*?)</module>")
                .matcher(text(""))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
