package io.github.dl4jaskew.examples.report;

import io.github.dl4jaskew.grid.Grid;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of one training. */
public final class Charts {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    private static final double INTERVAL_TINT = 0.06;
    private static final int PALE = 70;

    private Charts() {}

    /**
     * Draws {@code NAME-loss.png}, {@code NAME-epsilon.png} and {@code NAME-weights.png}.
     *
     * @param directory created if it is not there
     * @param name begins the files' names
     * @param title begins the charts' titles
     * @param history what to draw
     * @param trainings losses of other trainings of the same problem by name, such as that of the float network
     * @throws IOException if a file cannot be written
     */
    public static void draw(Path directory, String name, String title, History history, Map<String, Losses> trainings)
            throws IOException {
        Files.createDirectories(directory);
        save(loss(title, history, trainings), directory.resolve(name + "-loss"));
        XYChart epsilon = chart(title + ": width of the intervals", "eps");
        epsilon.addSeries("eps", history.losses().iterations(), history.epsilons())
                .setMarker(SeriesMarkers.NONE);
        epsilon.getStyler().setLegendVisible(false);
        save(epsilon, directory.resolve(name + "-epsilon"));
        save(weights(title, history), directory.resolve(name + "-weights"));
    }

    private static void save(Chart<?, ?> chart, Path file) throws IOException {
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
    }

    /** Each minibatch pale, their running mean in full colour. */
    private static XYChart loss(String title, History history, Map<String, Losses> trainings) {
        XYChart chart = chart(title + ": training loss, smoothed (pale: each minibatch)", "mean cross entropy");
        Map<String, Losses> all = new LinkedHashMap<>(trainings);
        all.put("AskewSGD", history.losses());
        Iterator<Color> colours = List.of(Colours.FLOAT, Colours.ASKEW).iterator();
        if (trainings.isEmpty()) {
            colours.next();
        }
        all.forEach((training, losses) -> {
            Color colour = colours.next();
            XYSeries pale = chart.addSeries(training + ", each minibatch", losses.iterations(), losses.losses());
            pale.setMarker(SeriesMarkers.NONE)
                    .setLineColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), PALE))
                    .setLineWidth(1)
                    .setShowInLegend(false);
            chart.addSeries(training, losses.iterations(), losses.smoothed())
                    .setMarker(SeriesMarkers.NONE)
                    .setLineColor(colour);
        });
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private static XYChart chart(String title, String label) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("iteration")
                .yAxisTitle(label)
                .build();
        chart.getStyler().setXAxisTickMarkSpacingHint(120);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    /**
     * Time from left to right, weights over their scale from bottom to top, with the levels as ticks; the darker, the more
     * of them. The tinted bands are the intervals, which close around the levels.
     */
    private static HeatMapChart weights(String title, History history) {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title + " (shade: root of their share; light blue: intervals)")
                .xAxisTitle("iteration")
                .yAxisTitle("weight / scale")
                .build();
        List<Number[]> cells = new ArrayList<>();
        List<double[]> histograms = history.histograms();
        for (int x = 0; x < histograms.size(); x++) {
            double[] shares = histograms.get(x);
            for (int y = 0; y < shares.length; y++) {
                double tint = history.isFeasible(x, y) ? INTERVAL_TINT : 0;
                // The root shows the few weights that are still under way.
                cells.add(new Number[] {x, y, Math.max(tint, Math.sqrt(shares[y]))});
            }
        }
        chart.addSeries("share of the weights", history.histogramIterations(), middles(), cells);
        chart.getStyler().setRangeColors(new Color[] {Color.WHITE, new Color(0x1F, 0x77, 0xB4), Color.BLACK});
        chart.getStyler().setXAxisMaxLabelCount(8);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setShowValue(false);
        chart.getStyler().setMin(0);
        chart.getStyler().setMax(1);
        Map<Double, String> levels = levels(history.grid());
        chart.getStyler().setyAxisTickLabelsFormattingFunction(middle -> levels.getOrDefault(middle, " "));
        // a tick for each bin, or that of a level may be left out
        chart.getStyler().setYAxisTickMarkSpacingHint(2);
        chart.getStyler().setAxisTickMarkLength(1);
        return chart;
    }

    /** What is written at the bins of the levels. */
    private static Map<Double, String> levels(Grid grid) {
        Map<Double, String> levels = new HashMap<>();
        DecimalFormat format = new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
        for (int i = 0; i < grid.size(); i++) {
            double level = grid.level(i);
            levels.put(middles().get(History.bin(level / grid.maxMagnitude())), format.format(level));
        }
        return levels;
    }

    private static List<Double> middles() {
        List<Double> middles = new ArrayList<>();
        for (int b = 0; b < History.BINS; b++) {
            middles.add(Math.round(1000 * History.middle(b)) / 1000.0);
        }
        return middles;
    }
}
