package io.github.dl4jaskew.resume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("training")
class KillAndResumeTest {

    @TempDir
    private Path directory;

    /** One training of each kind; the program itself kills 20. */
    @Test
    void killedTrainingsEndAsUninterruptedOnes() throws Exception {
        KillReport report = KillAndResume.run(Training.values().length, 4, directory);
        assertThat(report.kills()).isPositive();
        assertThat(report.exact()).as(report.details().toString()).isEqualTo(Training.values().length);
    }
}
