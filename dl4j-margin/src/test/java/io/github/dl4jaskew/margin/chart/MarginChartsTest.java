package io.github.dl4jaskew.margin.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginJson;
import io.github.dl4jaskew.margin.Snapshots;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarginChartsTest {

    @TempDir
    private Path directory;

    @Test
    void drawsWhatWasMeasured() throws IOException {
        MarginCharts.draw(directory.resolve("charts"), "run", Snapshots.history());
        for (String chart : List.of("margin", "norm", "alignment", "histogram")) {
            BufferedImage image = ImageIO.read(
                    directory.resolve("charts/run-" + chart + ".png").toFile());
            assertThat(image.getWidth()).isEqualTo(900);
            assertThat(hasColour(image)).as(chart).isTrue();
        }
    }

    @Test
    void drawsProgress() throws IOException {
        String json = MarginJson.write(Snapshots.history().last())
                .replaceFirst("\"effectiveTime\":", "\"predictedLimit\":2.0,\"progress\":0.5,$0");
        MarginCharts.draw(directory, "run", new MarginHistory(List.of(MarginJson.read(json))));
        assertThat(hasColour(ImageIO.read(directory.resolve("run-progress.png").toFile())))
                .isTrue();
    }

    /** Bars of rightly and wrongly predicted examples on their sides of 0, in different colours, as high as the counts. */
    @Test
    void drawsTheHistogram() throws IOException {
        String json = MarginJson.write(Snapshots.bare())
                .replaceFirst(
                        "\"histogram\":\\{[^}]*}",
                        "\"histogram\":{\"width\":0.5,\"first\":-2,\"counts\":[10,0,30,20]}");
        MarginCharts.draw(directory, "run", new MarginHistory(List.of(MarginJson.read(json))));
        BufferedImage image =
                ImageIO.read(directory.resolve("run-histogram.png").toFile());
        Map<Integer, Integer> pixels = new HashMap<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                int rgb = image.getRGB(x, y);
                if (Math.abs((rgb >> 16 & 255) - (rgb & 255)) > 40) {
                    pixels.merge(rgb, 1, Integer::sum);
                }
            }
        }
        List<Integer> areas = pixels.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(2)
                .toList();
        assertThat(areas.get(0) / (double) areas.get(1)).isBetween(4.0, 6.0); // 30 + 20 to 10
    }

    @Test
    void leavesOutWhatWasNot() throws IOException {
        MarginCharts.draw(directory, "bare", new MarginHistory(List.of(Snapshots.bare())));
        assertThat(Files.list(directory))
                .containsExactlyInAnyOrder(directory.resolve("bare-norm.png"), directory.resolve("bare-histogram.png"));
    }

    @Test
    void refusesWhatCannotBeDrawn() {
        assertThatThrownBy(() -> MarginCharts.draw(directory, "x", new MarginHistory()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MarginCharts.draw(directory, "x", Snapshots.history(), "not.there.XYChart"))
                .hasMessageContaining("org.knowm.xchart:xchart");
    }

    /** A line is drawn: some pixel is not grey. */
    private static boolean hasColour(BufferedImage image) {
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                int rgb = image.getRGB(x, y);
                int red = rgb >> 16 & 255;
                int blue = rgb & 255;
                if (Math.abs(red - blue) > 60) {
                    return true;
                }
            }
        }
        return false;
    }
}
