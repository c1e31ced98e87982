package io.github.dl4jaskew.examples.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Groups of bars, as results are compared. Not thread safe. */
public final class BarChart {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 360;

    private final String title;
    private final String quantity;
    private final Map<String, Map<String, Average>> series = new LinkedHashMap<>();

    /**
     * A chart without bars.
     *
     * @param title what is compared
     * @param quantity what the height of a bar is, with its unit
     */
    public BarChart(String title, String quantity) {
        this.title = title;
        this.quantity = quantity;
    }

    /**
     * Adds a bar.
     *
     * @param name of the bars of one colour
     * @param group below which it stands
     * @param height of the bar
     * @return this
     */
    public BarChart bar(String name, String group, double height) {
        return bar(name, group, new Average(height, 0));
    }

    /**
     * Adds a bar with its standard error.
     *
     * @param name of the bars of one colour
     * @param group below which it stands; bars of all names must stand in the same groups
     * @param height of the bar
     * @return this
     */
    public BarChart bar(String name, String group, Average height) {
        series.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(group, height);
        return this;
    }

    /**
     * Writes the chart as a PNG file.
     *
     * @param file replaced if it is there; its directory is created if need be
     * @throws IOException if it cannot be written
     */
    public void draw(Path file) throws IOException {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(quantity)
                .build();
        series.forEach((name, bars) -> {
            List<Double> heights = new ArrayList<>();
            List<Double> errors = new ArrayList<>();
            bars.values().forEach(average -> {
                heights.add(average.mean());
                errors.add(average.standardError());
            });
            List<String> groups = List.copyOf(bars.keySet());
            if (errors.stream().allMatch(e -> e == 0)) {
                chart.addSeries(name, groups, heights);
            } else {
                chart.addSeries(name, groups, heights, errors);
            }
        });
        chart.getStyler().setLegendVisible(series.size() > 1);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }
}
