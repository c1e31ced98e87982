package io.github.dl4jaskew.margin.chart;

import io.github.dl4jaskew.margin.MarginHistory;
import io.github.dl4jaskew.margin.MarginSnapshot;
import io.github.dl4jaskew.margin.metrics.GradientMetrics;
import io.github.dl4jaskew.margin.metrics.MarginHistogram;
import io.github.dl4jaskew.margin.metrics.MarginProgress;
import io.github.dl4jaskew.margin.metrics.RobustnessMetrics;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What needs XChart to be loaded. */
final class XyCharts {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;

    private final Path directory;
    private final String name;
    private final MarginHistory history;

    private XyCharts(Path directory, String name, MarginHistory history) {
        this.directory = directory;
        this.name = name;
        this.history = history;
    }

    private record Line(String name, Function<MarginSnapshot, OptionalDouble> quantity) {}

    static void draw(Path directory, String name, MarginHistory history) throws IOException {
        Files.createDirectories(directory);
        XyCharts charts = new XyCharts(directory, name, history);
        charts.draw(
                "margin",
                "margin over rho^L",
                List.of(
                        new Line("normalized margin", MarginSnapshot::normalizedMargin),
                        new Line("smoothed margin", MarginSnapshot::smoothedMargin)));
        charts.draw(
                "near", "margin over rho^L without biases", List.of(new Line("without biases", XyCharts::nearMargin)));
        charts.draw("progress", "margin over its predicted limit", List.of(new Line("progress", XyCharts::progress)));
        charts.draw("norm", "rho", List.of(new Line("rho", s -> OptionalDouble.of(s.norm()))));
        charts.draw(
                "alignment",
                "cosine",
                List.of(
                        new Line("alignment", XyCharts::alignment),
                        new Line("windowed alignment", XyCharts::windowedAlignment)));
        charts.draw(
                "robustness",
                "distance in the features",
                List.of(
                        robustness("median distance", RobustnessMetrics::medianDistance),
                        robustness("smallest distance", RobustnessMetrics::smallestDistance),
                        robustness("certificate", RobustnessMetrics::certificate)));
        MarginHistogram histogram = history.last().histogram().orElse(null);
        if (histogram != null) {
            charts.draw(histogram, history.last().iteration());
        }
    }

    /** Of the last snapshot: what is predicted wrongly in another colour, as 0 is an edge. */
    private void draw(MarginHistogram histogram, int iteration) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(name + ", iteration " + iteration)
                .xAxisTitle("margin")
                .yAxisTitle("margins in a bin")
                .build();
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
        int zero = (int) Math.max(0, Math.min(histogram.counts().size(), -histogram.first()));
        bars(chart, "predicted rightly", histogram, zero, histogram.counts().size());
        bars(chart, "predicted wrongly", histogram, 0, zero);
        save(chart, "histogram");
    }

    private static void bars(XYChart chart, String series, MarginHistogram histogram, int from, int to) {
        if (from == to) {
            return;
        }
        double[] edges = new double[to - from + 1];
        double[] counts = new double[edges.length];
        for (int i = from; i < to; i++) {
            edges[i - from] = histogram.edge(i);
            counts[i - from] = histogram.counts().get(i);
        }
        // a step goes on to the next point, so the last bin ends with one more
        edges[to - from] = histogram.edge(to);
        chart.addSeries(series, edges, counts).setMarker(SeriesMarkers.NONE);
    }

    private static Line robustness(String name, Function<RobustnessMetrics, OptionalDouble> quantity) {
        return new Line(name, s -> s.robustness().map(quantity).orElse(OptionalDouble.empty()));
    }

    private static OptionalDouble progress(MarginSnapshot s) {
        return s.progress().map(MarginProgress::share).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble nearMargin(MarginSnapshot s) {
        return s.nearMargin().map(n -> OptionalDouble.of(n.normalizedMargin())).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble alignment(MarginSnapshot s) {
        return s.gradient().map(g -> OptionalDouble.of(g.alignment())).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble windowedAlignment(MarginSnapshot s) {
        return s.gradient().map(GradientMetrics::windowedAlignment).orElse(OptionalDouble.empty());
    }

    private void draw(String file, String axis, List<Line> lines) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(name)
                .xAxisTitle("iteration")
                .yAxisTitle(axis)
                .build();
        for (Line line : lines) {
            // Iteration 0 has no logarithm.
            List<MarginHistory.Point> points = history.series(line.quantity()).stream()
                    .filter(point -> point.iteration() > 0)
                    .toList();
            if (!points.isEmpty()) {
                chart.addSeries(
                                line.name(),
                                points.stream()
                                        .map(MarginHistory.Point::iteration)
                                        .toList(),
                                points.stream().map(MarginHistory.Point::value).toList())
                        .setMarker(points.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            }
        }
        if (chart.getSeriesMap().isEmpty()) {
            return;
        }
        chart.getStyler().setXAxisLogarithmic(true);
        save(chart, file);
    }

    private void save(XYChart chart, String file) throws IOException {
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        BitmapEncoder.saveBitmap(
                chart, directory.resolve(name + "-" + file + ".png").toString(), BitmapFormat.PNG);
    }
}
