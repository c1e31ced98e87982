package io.github.dl4jaskew.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A notebook file: its cells and what they put out. */
final class Notebook {

    static final Path DIRECTORY = Path.of("../examples/notebooks");

    private final JsonNode root;

    private Notebook(JsonNode root) {
        this.root = root;
    }

    /**
     * A cell of code.
     *
     * @param source its lines
     * @param count what stands in brackets before it, 0 if it was not run
     * @param setup whether it only puts the libraries on the class path
     * @param kinds of its outputs: stdout, stderr, error, image/png and so on, in their order
     * @param texts all that it wrote
     * @param images all that it drew
     */
    record Cell(String source, int count, boolean setup, List<String> kinds, String texts, List<byte[]> images) {}

    static Notebook read(Path file) throws IOException {
        return new Notebook(new ObjectMapper().readTree(Files.readString(file)));
    }

    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
        }
    }

    String kernel() {
        return root.path("metadata").path("kernelspec").path("name").asText();
    }

    /** All texts between the cells of code. */
    String prose() {
        StringBuilder prose = new StringBuilder();
        for (JsonNode cell : root.path("cells")) {
            if (cell.path("cell_type").asText().equals("markdown")) {
                prose.append(text(cell.path("source"))).append('\n');
            }
        }
        return prose.toString();
    }

    List<Cell> code() {
        return StreamSupport.stream(root.path("cells").spliterator(), false)
                .filter(cell -> cell.path("cell_type").asText().equals("code"))
                .map(Notebook::cell)
                .toList();
    }

    private static Cell cell(JsonNode cell) {
        List<String> kinds = new ArrayList<>();
        List<byte[]> images = new ArrayList<>();
        StringBuilder texts = new StringBuilder();
        for (JsonNode output : cell.path("outputs")) {
            switch (output.path("output_type").asText()) {
                case "stream" -> {
                    kinds.add(output.path("name").asText());
                    texts.append(text(output.path("text")));
                }
                case "error" -> {
                    kinds.add("error");
                    texts.append(text(output.path("traceback")));
                }
                default ->
                    output.path("data").fields().forEachRemaining(entry -> {
                        kinds.add(entry.getKey());
                        if (entry.getKey().startsWith("image/")) {
                            images.add(Base64.getMimeDecoder().decode(text(entry.getValue())));
                        } else {
                            texts.append(text(entry.getValue()));
                        }
                    });
            }
        }
        boolean setup = StreamSupport.stream(cell.path("metadata").path("tags").spliterator(), false)
                .anyMatch(tag -> Objects.equals(tag.asText(), "setup"));
        return new Cell(
                text(cell.path("source")),
                cell.path("execution_count").asInt(),
                setup,
                List.copyOf(kinds),
                texts.toString(),
                List.copyOf(images));
    }

    /** A text may be one string or a list of lines. */
    private static String text(JsonNode text) {
        if (text.isTextual()) {
            return text.asText();
        }
        StringBuilder lines = new StringBuilder();
        text.forEach(line -> lines.append(line.asText()));
        return lines.toString();
    }
}
