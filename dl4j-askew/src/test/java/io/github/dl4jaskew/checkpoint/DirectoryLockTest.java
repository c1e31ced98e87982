package io.github.dl4jaskew.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

    @TempDir
    private Path root;

    @Test
    void refusesADirectoryInWhichAnotherProcessTrainsUntilItIsKilled() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsLock.class.getName(),
                        root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
            while (!"begun".equals(said.readLine())) {
                assertThat(other.isAlive()).isTrue();
            }
            CheckpointDirectory directory = new CheckpointDirectory(root);
            assertThatIllegalStateException()
                    .isThrownBy(directory::newRun)
                    .withMessageContaining(
                            "checkpoint directory " + root.toRealPath() + " is in use by process " + other.pid() + "@")
                    .withMessageContaining(", since 2");
            try (var runs = Files.list(root)) {
                assertThat(runs.filter(Files::isDirectory)).hasSize(1);
            }
            other.destroyForcibly().waitFor();
            directory.newRun();
            assertThat(root.resolve("run-000002")).isDirectory();
            directory.close();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    @SuppressWarnings("try") // closing by hand is what is tested
    void refusesADirectoryInWhichAnotherThreadTrains() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "first trainer"));
        try (CheckpointDirectory first = new CheckpointDirectory(root);
                CheckpointDirectory second = new CheckpointDirectory(root.resolve("."))) {
            thread.submit(first::newRun).get();
            assertThatIllegalStateException()
                    .isThrownBy(second::newRun)
                    .withMessageContaining("is in use by thread 'first trainer' of this process");
            second.close();
            assertThatIllegalStateException()
                    .as("what has no lock gives none back")
                    .isThrownBy(second::newRun);
            first.close();
            second.newRun();
            Future<?> again = thread.submit(first::newRun);
            assertThat(again).failsWithin(java.time.Duration.ofMinutes(1));
        } finally {
            thread.shutdownNow();
        }
    }

    /** As in a notebook, whose cell is run again. */
    @Test
    void letsTheSameThreadBeginAgainAndOthersAfterItsEnd() throws InterruptedException, IOException {
        Thread ends = new Thread(() -> new CheckpointDirectory(root).newRun());
        ends.start();
        ends.join();
        CheckpointDirectory first = new CheckpointDirectory(root);
        first.newRun();
        CheckpointDirectory second = new CheckpointDirectory(root);
        second.newRun();
        first.close();
        Thread refused = new Thread(() -> assertThatIllegalStateException().isThrownBy(first::newRun));
        Throwable[] failure = new Throwable[1];
        refused.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
        refused.start();
        refused.join();
        assertThat(failure[0]).isNull();
        second.close();
        try (var runs = Files.list(root)) {
            assertThat(runs.filter(Files::isDirectory)).hasSize(3);
        }
    }
}
