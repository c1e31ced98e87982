package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What the jars and poms say of themselves. */
class ReleasedArtifactsTest {

    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_17 = 61;

    @BeforeAll
    static void find() throws IOException {
        LocalRepository.assumeFilled();
    }

    @ParameterizedTest
    @CsvSource({
        "dl4j-askew, io.github.dl4jaskew",
        "dl4j-askew-edge, io.github.dl4jaskew.edge",
        "dl4j-askew-cli, io.github.dl4jaskew.cli",
        "dl4j-margin, io.github.dl4jaskew.margin",
        "dl4j-pages, io.github.dl4jaskew.pages"
    })
    void jarsNameTheirModuleAndRunOnJava17(String artifact, String module) throws IOException {
        try (JarFile jar = open(artifact, "")) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
                    .isEqualTo(module);
            List<JarEntry> classes = entries(jar, ".class");
            assertThat(classes).isNotEmpty();
            for (JarEntry type : classes) {
                try (DataInputStream in = new DataInputStream(jar.getInputStream(type))) {
                    assertThat(in.readInt()).isEqualTo(MAGIC);
                    in.readUnsignedShort();
                    assertThat(in.readUnsignedShort()).as(type.getName()).isEqualTo(JAVA_17);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-askew", "dl4j-askew-edge", "dl4j-askew-cli", "dl4j-margin", "dl4j-pages"})
    void jarsHoldTheLicence(String artifact) throws IOException {
        for (String classifier : List.of("", "-sources")) {
            try (JarFile jar = open(artifact, classifier)) {
                assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License", "Version 2.0");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-askew", "dl4j-askew-edge", "dl4j-askew-cli", "dl4j-margin", "dl4j-pages"})
    void modesDoNotDependOnTheUmask(String artifact) throws IOException {
        List<Path> jars = LocalRepository.files(artifact, ".jar");
        assertThat(jars).isNotEmpty();
        for (Path jar : jars) {
            URI uri = URI.create("jar:" + jar.toUri());
            try (FileSystem zip = FileSystems.newFileSystem(uri, Map.of("enablePosixFileAttributes", "true"));
                    Stream<Path> entries = Files.walk(zip.getPath("/"))) {
                assertThat(entries.filter(entry -> entry.getNameCount() > 0))
                        .isNotEmpty()
                        .allSatisfy(
                                entry -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)))
                                        .as("%s in %s", entry, jar)
                                        .isEqualTo(Files.isDirectory(entry) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    @Test
    void theChartLibraryComesWithItsLicence() throws IOException {
        try (JarFile jar = open("dl4j-pages", "")) {
            String page = "io/github/dl4jaskew/pages/uplot/";
            assertThat(text(jar, page + "uPlot.iife.min.js")).contains("uPlot");
            assertThat(text(jar, page + "LICENSE")).contains("The MIT License", "Leon Sorokin");
            assertThat(text(jar, "META-INF/NOTICE")).contains("uPlot", page + "LICENSE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-askew", "dl4j-askew-edge", "dl4j-askew-cli", "dl4j-margin", "dl4j-pages"})
    void everyClassHasItsSource(String artifact) throws IOException {
        try (JarFile jar = open(artifact, "");
                JarFile sources = open(artifact, "-sources")) {
            assertThat(entries(jar, ".class").stream()
                            .map(JarEntry::getName)
                            .map(n -> n.replaceAll("(\\$.*)?\\.class$", ".java"))
                            .distinct())
                    .allMatch(n -> sources.getEntry(n) != null);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dl4j-askew, dl4j-askew-edge dl4j-pages deeplearning4j-nn slf4j-api jspecify",
        "dl4j-askew-edge,",
        "dl4j-margin, dl4j-pages deeplearning4j-nn slf4j-api jspecify",
        "dl4j-pages, deeplearning4j-nn slf4j-api jspecify"
    })
    void usersGetNothingElse(String artifact, @Nullable String expected) throws Exception {
        Document pom = pom(artifact);
        String used =
                "/project/dependencies/dependency[not(optional='true') and not(scope='test') and not(scope='provided')]";
        assertThat(values(pom, used + "/artifactId"))
                .containsExactlyInAnyOrder(expected == null ? new String[0] : expected.split(" "));
        assertThat(values(pom, used + "/scope")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-askew-parent", "dl4j-askew-bom"})
    void pomsSayWhatMavenCentralAsksFor(String artifact) throws Exception {
        Document pom = pom(artifact);
        for (String path : List.of(
                "name",
                "description",
                "url",
                "licenses/license/name",
                "developers/developer/name",
                "scm/url",
                "scm/connection")) {
            assertThat(values(pom, "/project/" + path)).as(path).hasSize(1).noneMatch(String::isBlank);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dl4j-askew", "dl4j-askew-edge", "dl4j-askew-cli", "dl4j-margin", "dl4j-pages"})
    void pomsOfLibrariesSayWhatTheirParentCannot(String artifact) throws Exception {
        Document pom = pom(artifact);
        assertThat(values(pom, "/project/name")).hasSize(1);
        assertThat(values(pom, "/project/description")).hasSize(1);
        assertThat(values(pom, "/project/parent/artifactId")).containsExactly("dl4j-askew-parent");
    }

    @Test
    void theBillOfMaterialsManagesWhatIsReleasedAndNothingElse() throws Exception {
        Document bom = pom("dl4j-askew-bom");
        String managed = "/project/dependencyManagement/dependencies/dependency";
        assertThat(values(bom, managed + "/groupId")).containsOnly("io.github.dl4jaskew");
        assertThat(values(bom, managed + "/artifactId"))
                .containsExactly("dl4j-askew", "dl4j-askew-edge", "dl4j-askew-cli", "dl4j-margin", "dl4j-pages");
        assertThat(values(bom, managed + "/classifier")).isEmpty();
        assertThat(values(bom, "/project/parent")).isEmpty();
    }

    private static JarFile open(String artifact, String classifier) throws IOException {
        Path jar = LocalRepository.jar(artifact, classifier);
        assertThat(jar).isRegularFile();
        return new JarFile(jar.toFile());
    }

    private static List<JarEntry> entries(JarFile jar, String end) {
        return Collections.list(jar.entries()).stream()
                .filter(e -> e.getName().endsWith(end))
                .toList();
    }

    private static String text(JarFile jar, String name) throws IOException {
        JarEntry entry = Objects.requireNonNull(jar.getJarEntry(name), name);
        return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Document pom(String artifact) throws Exception {
        Path file = LocalRepository.files(artifact, ".pom").get(0);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static List<String> values(Document pom, String path) throws XPathExpressionException {
        NodeList nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1)
                .map(i -> nodes.item(i).getTextContent())
                .toList();
    }
}
