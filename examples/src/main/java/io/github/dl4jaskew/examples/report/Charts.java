package io.github.dl4jaskew.examples.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of one training. */
public final class Charts {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    private static final double INTERVAL_TINT = 0.06;

    private Charts() {}

    /**
     * Draws {@code NAME-loss.png}, {@code NAME-epsilon.png} and {@code NAME-weights.png}.
     *
     * @param directory created if it is not there
     * @param name begins the files' names
     * @param history what to draw
     * @throws IOException if a file cannot be written
     */
    public static void draw(Path directory, String name, History history) throws IOException {
        Files.createDirectories(directory);
        XYChart loss = line(name + ": training loss", "loss", history.lossIterations(), history.losses());
        BitmapEncoder.saveBitmap(loss, directory.resolve(name + "-loss").toString(), BitmapFormat.PNG);
        XYChart epsilon = line(name + ": width of the intervals", "eps", history.lossIterations(), history.epsilons());
        BitmapEncoder.saveBitmap(epsilon, directory.resolve(name + "-epsilon").toString(), BitmapFormat.PNG);
        BitmapEncoder.saveBitmap(
                weights(name, history), directory.resolve(name + "-weights").toString(), BitmapFormat.PNG);
    }

    private static XYChart line(String title, String label, List<Double> x, List<Double> y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle("iteration")
                .yAxisTitle(label)
                .build();
        chart.addSeries(label, x, y).setMarker(SeriesMarkers.NONE);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisMaxLabelCount(12);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        return chart;
    }

    /**
     * Time from left to right, weights over their scale from bottom to top; the darker, the more of them. The tinted bands
     * are the intervals, which close around the levels.
     */
    private static HeatMapChart weights(String name, History history) {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(name + ": weights over their largest level")
                .xAxisTitle("iteration")
                .yAxisTitle("weight")
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
        chart.addSeries("share", history.histogramIterations(), labels(), cells);
        chart.getStyler().setRangeColors(new Color[] {Color.WHITE, new Color(0x1F, 0x77, 0xB4), Color.BLACK});
        chart.getStyler().setXAxisMaxLabelCount(8);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setShowValue(false);
        chart.getStyler().setLegendVisible(false);
        return chart;
    }

    private static List<Double> labels() {
        List<Double> labels = new ArrayList<>();
        for (int b = 0; b < History.BINS; b++) {
            labels.add(Math.round(100 * History.middle(b)) / 100.0);
        }
        return labels;
    }
}
