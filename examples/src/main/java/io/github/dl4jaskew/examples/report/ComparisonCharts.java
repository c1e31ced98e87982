package io.github.dl4jaskew.examples.report;

import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginSnapshot;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Charts of margins, several trainings in each. */
public final class ComparisonCharts {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;

    private ComparisonCharts() {}

    /**
     * Draws {@code NAME-normalized-margin.png}, {@code NAME-smallest-margin.png}, {@code NAME-loss.png} and {@code
     * NAME-alignment.png}.
     *
     * @param directory created if it is not there
     * @param name begins the files' names and the titles
     * @param trainings by name
     * @throws IOException if a file cannot be written
     */
    public static void draw(Path directory, String name, Map<String, MarginHistory> trainings) throws IOException {
        Files.createDirectories(directory);
        draw(directory, name, "normalized margin", trainings, MarginSnapshot::normalizedMargin);
        draw(directory, name, "smallest margin", trainings, s -> OptionalDouble.of(s.minimumMargin()));
        draw(directory, name, "loss", trainings, MarginSnapshot::logLossSum);
        draw(
                directory,
                name,
                "alignment",
                trainings,
                s -> s.gradient().map(g -> OptionalDouble.of(g.alignment())).orElse(OptionalDouble.empty()));
    }

    private static void draw(
            Path directory,
            String name,
            String quantity,
            Map<String, MarginHistory> trainings,
            Function<MarginSnapshot, OptionalDouble> value)
            throws IOException {
        String label = quantity.equals("loss") ? "log of the sum of losses" : quantity;
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(name + ": " + label)
                .xAxisTitle("step")
                .yAxisTitle(label)
                .build();
        trainings.forEach((training, history) -> {
            List<MarginHistory.Point> points = history.series(value);
            if (!points.isEmpty()) {
                chart.addSeries(
                                training,
                                points.stream()
                                        .map(MarginHistory.Point::iteration)
                                        .toList(),
                                points.stream().map(MarginHistory.Point::value).toList())
                        .setMarker(SeriesMarkers.NONE);
            }
        });
        chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        String file = (name + "-" + quantity).replace(' ', '-');
        BitmapEncoder.saveBitmap(chart, directory.resolve(file).toString(), BitmapFormat.PNG);
    }
}
