package io.github.dl4jaskew.examples.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Groups of bars, as results are compared. Not thread safe. */
public final class BarChart {

    private static final int WIDTH = 600;
    private static final int HEIGHT = 360;

    private final String title;
    private final String quantity;
    private final Map<String, Map<String, Average>> series = new LinkedHashMap<>();
    private final Map<String, Map<String, Average>> references = new LinkedHashMap<>();

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
     * Adds a line around a group of bars, at a height which they are compared with.
     *
     * @param name of the lines of one kind
     * @param group which it goes around; lines of one name must be there for all groups
     * @param height of the line
     * @return this
     */
    public BarChart reference(String name, String group, double height) {
        references.computeIfAbsent(name, n -> new LinkedHashMap<>()).put(group, new Average(height, 0));
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
        references.forEach((name, heights) -> {
            CategorySeries line = add(chart, name, heights)
                    .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.SteppedBar)
                    .setOverlapped(true);
            line.setFillColor(new Color(0, true));
            line.setLineColor(Color.BLACK);
        });
        series.forEach((name, bars) -> add(chart, name, bars));
        chart.getStyler().setLegendVisible(series.size() + references.size() > 1);
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

    private static CategorySeries add(CategoryChart chart, String name, Map<String, Average> values) {
        List<String> groups = List.copyOf(values.keySet());
        List<Double> heights = values.values().stream().map(Average::mean).toList();
        List<Double> errors =
                values.values().stream().map(Average::standardError).toList();
        return errors.stream().allMatch(e -> e == 0)
                ? chart.addSeries(name, groups, heights)
                : chart.addSeries(name, groups, heights, errors);
    }
}
