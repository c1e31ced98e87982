package io.github.dl4jaskew.examples.report;

import java.awt.Color;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** Below this, the names of groups touch each other. */
    private static final int GROUP_WIDTH = 140;

    /** Bars of more are too narrow for their number. */
    private static final int MOST_LABELS = 10;

    /** From 0 at the foot of a bar to 1 at its top. */
    private static final double LABEL_HEIGHT = 0.5;

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
        int groups = series.values().stream().mapToInt(Map::size).max().orElse(1);
        CategoryChart chart = new CategoryChartBuilder()
                .width(Math.max(WIDTH, GROUP_WIDTH * groups))
                .height(HEIGHT)
                .title(title)
                .yAxisTitle(quantity)
                .build();
        List<Color> own = List.copyOf(Colours.distinct(series.keySet()));
        chart.getStyler().setSeriesColors(own.toArray(Color[]::new));
        series.forEach((name, bars) -> add(chart, name, bars));
        chart.getStyler().setLegendVisible(series.size() > 1);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
        chart.getStyler().setLegendLayout(LegendLayout.Horizontal);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setYAxisMin(0.0);
        if (series.size() * groups <= MOST_LABELS) {
            chart.getStyler().setLabelsVisible(true);
            chart.getStyler().setLabelsPosition(LABEL_HEIGHT);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }

    private static void add(CategoryChart chart, String name, Map<String, Average> values) {
        List<String> groups = List.copyOf(values.keySet());
        List<Double> heights =
                values.values().stream().map(value -> rounded(value.mean())).toList();
        List<Double> errors =
                values.values().stream().map(Average::standardError).toList();
        if (errors.stream().allMatch(e -> e == 0)) {
            chart.addSeries(name, groups, heights);
        } else {
            chart.addSeries(name, groups, heights, errors);
        }
    }

    /** To three digits, which the labels show. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }
}
