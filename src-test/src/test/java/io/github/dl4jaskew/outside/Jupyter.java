package io.github.dl4jaskew.outside;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.slf4j.LoggerFactory;

/** Where Jupyter's nbconvert and its Java kernel are. As an extension, skips tests loudly where they are not. */
final class Jupyter implements ExecutionCondition {

    private static final String KERNEL = "rapaio-jupyter-kernel";
    private static final String ADVICE =
            "SKIPPED, NOT TESTED: the notebooks. jupyter-nbconvert or the Java kernel was not"
                    + " found; on Debian and Ubuntu, examples/notebooks/install.sh installs both";

    /** A kernel as it was installed. */
    record Kernel(Path directory, List<String> command) {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (nbconvert().isPresent() && kernelFile().isPresent()) {
            return ConditionEvaluationResult.enabled("Jupyter is there");
        }
        Required.refuseToSkip("notebooks", ADVICE);
        LoggerFactory.getLogger(Jupyter.class).error(ADVICE);
        return ConditionEvaluationResult.disabled(ADVICE);
    }

    static Optional<Path> nbconvert() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "jupyter-nbconvert"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Kernel kernel() throws IOException {
        Path file = kernelFile().orElseThrow();
        ObjectMapper json = new ObjectMapper();
        String[] command = json.convertValue(json.readTree(file.toFile()).get("argv"), String[].class);
        return new Kernel(file.getParent(), List.of(command));
    }

    /** Where {@code install.sh} puts it: Jupyter's directory for the user. */
    private static Optional<Path> kernelFile() {
        return Optional.of(dataDirectory(System.getenv())
                        .resolve("kernels")
                        .resolve(KERNEL)
                        .resolve("kernel.json"))
                .filter(Files::isRegularFile);
    }

    /** As Jupyter finds it; in a container, HOME need not be the home that Java sees. */
    static Path dataDirectory(Map<String, String> environment) {
        String data = environment.get("JUPYTER_DATA_DIR");
        if (data != null) {
            return Path.of(data);
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String shared = environment.get("XDG_DATA_HOME");
        return (shared != null ? Path.of(shared) : Path.of(home, ".local", "share")).resolve("jupyter");
    }
}
