package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Executes notebooks in the kernel that the user has, which is told to resolve dependencies in a local repository that
 * holds the artifacts of this build. Other artifacts come out of the local repository of this build where it has them.
 */
final class NotebookRun {

    private static final String KERNEL = "dl4j-askew-test";
    private static final int MINUTES = 40;

    private final Path directory;

    /**
     * Prepares the runs.
     *
     * @param directory for everything that they leave
     */
    NotebookRun(Path directory) throws IOException {
        this.directory = directory.toAbsolutePath().normalize();
        deleteOldArtifacts();
        LocalRepository.copyTo(repository());
        Jupyter.Kernel installed = Jupyter.kernel();
        List<String> command = new ArrayList<>();
        for (String word : installed.command()) {
            command.add(word.replace("{resource_dir}", installed.directory().toString()));
        }
        assertThat(command.get(0)).as("the kernel's program").isEqualTo("java");
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(1, List.of("-Xmx1g", "-Dmaven.repo.local.tail=" + OutsideProject.repositoryOfThisBuild()));
        Path spec = Files.createDirectories(
                this.directory.resolve("jupyter/kernels").resolve(KERNEL));
        new ObjectMapper()
                .writeValue(
                        spec.resolve("kernel.json").toFile(),
                        Map.of(
                                "argv", command,
                                "display_name", "Java",
                                "language", "java",
                                "interrupt_mode", "message",
                                "env",
                                        Map.of(
                                                "RJK_MIMA_CACHE",
                                                installed
                                                        .directory()
                                                        .toAbsolutePath()
                                                        .relativize(repository())
                                                        .toString())));
    }

    private void deleteOldArtifacts() throws IOException {
        Path group = repository().resolve("io/github/dl4jaskew");
        if (!Files.exists(group)) {
            return;
        }
        try (Stream<Path> files = Files.walk(group)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private Path repository() {
        return directory.resolve("m2");
    }

    /**
     * Runs a notebook from top to bottom, once: a kernel that misses its start is a fault of {@code StartKernel}.
     *
     * @param notebook is not changed
     * @return the notebook with its outputs
     */
    Notebook execute(Path notebook) throws IOException, InterruptedException {
        Path output = directory.resolve(notebook.getFileName());
        Files.deleteIfExists(output);
        Path log = directory.resolve(notebook.getFileName() + ".log");
        int exit = nbconvert(notebook, output, log);
        assertThat(exit).as(Files.readString(log)).isZero();
        return Notebook.read(output);
    }

    private int nbconvert(Path notebook, Path output, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Jupyter.nbconvert().orElseThrow().toString(),
                        "--to=notebook",
                        "--execute",
                        "--ExecutePreprocessor.kernel_name=" + KERNEL,
                        "--ExecutePreprocessor.startup_timeout=60",
                        "--ExecutePreprocessor.timeout=1200",
                        "--output=" + output,
                        notebook.toAbsolutePath().normalize().toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JUPYTER_PATH", directory.resolve("jupyter").toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("%s ends", notebook)
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return process.exitValue();
    }
}
