package io.github.dl4jaskew.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script that repeats tests under other kernels, threads, natives and JDKs. */
@DisabledOnOs(OS.WINDOWS)
class SettingsTest {

    @TempDir
    Path directory;

    @Test
    void namesTheSettingsOfThisMachineThePlainOneFirst() throws IOException, InterruptedException {
        assertThat(settings("--list").lines()).startsWith("plain").contains("threads-2", "threads-4");
    }

    @Test
    void refusesASettingThatThereIsNot() {
        assertThatThrownBy(() -> settings("no-such")).hasMessageContaining("no setting no-such on this machine");
    }

    private String settings(String argument) throws IOException, InterruptedException {
        Path script = Path.of("settings.sh").toAbsolutePath();
        return Command.run(directory, List.of("bash", script.toString(), argument));
    }
}
