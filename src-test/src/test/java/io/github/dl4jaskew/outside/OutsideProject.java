package io.github.dl4jaskew.outside;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A user's project, compiled by Maven with a local repository that holds this project's artifacts alone. Other artifacts
 * come out of the local repository of this build where it has them.
 *
 * @param directory where it is
 * @param tree what dependency:tree says
 * @param classpath what Maven resolves for it
 */
record OutsideProject(Path directory, String tree, List<String> classpath) {

    /**
     * Builds a project of one class.
     *
     * @param directory an empty directory
     * @param dependencies the part of the pom that asks for this project's artifacts
     * @param main the source of the class Main
     */
    static OutsideProject build(Path directory, String dependencies, String main)
            throws IOException, InterruptedException, URISyntaxException {
        // a root of its own: Maven looks for one upwards
        Files.createDirectories(directory.resolve(".mvn"));
        Files.writeString(
                directory.resolve("pom.xml"), versions(resource("pom.xml").replace("<!--README-->", dependencies)));
        Path sources = Files.createDirectories(directory.resolve("src/main/java"));
        Files.writeString(sources.resolve("Main.java"), main);
        LocalRepository.copyTo(directory.resolve("m2"));
        String windows = File.separatorChar == '\\' ? ".cmd" : "";
        Command.run(
                directory,
                List.of(
                        Path.of("../mvnw" + windows)
                                .toAbsolutePath()
                                .normalize()
                                .toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + directory.resolve("m2"),
                        "-Dmaven.repo.local.tail=" + repositoryOfThisBuild(),
                        "compile",
                        "dependency:tree",
                        "-DoutputFile=tree.txt",
                        "dependency:build-classpath",
                        "-Dmdep.outputFile=classpath.txt"));
        return new OutsideProject(
                directory,
                Files.readString(directory.resolve("tree.txt")),
                List.of(Files.readString(directory.resolve("classpath.txt"))
                        .strip()
                        .split(File.pathSeparator)));
    }

    /** Runs the class Main and returns what it says. */
    String runMain(String... arguments) throws IOException, InterruptedException {
        String entries = String.join(
                File.pathSeparator,
                Stream.concat(
                                classpath.stream(),
                                Stream.of(directory.resolve("target/classes").toString()))
                        .toList());
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-cp", entries, "Main");
        return Command.run(
                directory, Stream.concat(java.stream(), Stream.of(arguments)).toList());
    }

    /** Returns the text of a file of these tests. */
    static String resource(String name) throws IOException, URISyntaxException {
        URL url = Objects.requireNonNull(OutsideProject.class.getResource("/outside/" + name));
        return Files.readString(Path.of(url.toURI()));
    }

    private static String versions(String pom) {
        return Pattern.compile("@(\\S+)@").matcher(pom).replaceAll(match -> Parent.property(match.group(1)));
    }

    /** Surefire tells it; elsewhere it is Maven's default. */
    static String repositoryOfThisBuild() {
        return System.getProperty(
                "localRepository",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
    }
}
