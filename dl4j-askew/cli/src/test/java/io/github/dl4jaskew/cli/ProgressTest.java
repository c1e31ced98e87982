package io.github.dl4jaskew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;

class ProgressTest {

    /** A log file that has them, or a build's, is readable: no colours, no returns to the line's start. */
    @Test
    void elsewhereThanOnATerminalProgressIsPlainLines() {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        try (ProgressBar progress =
                Progress.lines("digits", 3, new PrintStream(captured, true, StandardCharsets.UTF_8))) {
            progress.stepBy(2);
            progress.setExtraMessage("float");
            progress.refresh();
            progress.step();
        }
        String text = captured.toString(StandardCharsets.UTF_8);
        assertThat(text.lines()).last().isEqualTo("digits: 3 of 3 (float)");
        assertThat(text.lines()).doesNotHaveDuplicates().contains("digits: 2 of 3 (float)");
        assertThat(text).doesNotContain("\r", "\u001b").endsWith(System.lineSeparator());
    }
}
