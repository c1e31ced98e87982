package io.github.dl4jaskew.examples.figure;

import java.util.List;
import java.util.Locale;

/** A drawing as SVG, on white, so that it can be read on a dark page too. Not thread safe. */
final class Svg {

    static final String INK = "#1f2328";
    static final String FAINT = "#8c959f";
    static final String BLUE = "#1f77b4";
    static final String TINT = "#cfe3f3";
    static final String ORANGE = "#d9660a";

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;
    private final String description;

    /**
     * An empty drawing.
     *
     * @param width in pixels
     * @param height in pixels
     * @param description for readers who do not see it
     */
    Svg(int width, int height, String description) {
        this.width = width;
        this.height = height;
        this.description = description;
    }

    void line(double x1, double y1, double x2, double y2, String colour, double thickness) {
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
                x1, y1, x2, y2, colour, thickness);
    }

    void rectangle(double x, double y, double wide, double high, String fill, String edge) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"3\" fill=\"%s\" stroke=\"%s\"/>",
                x, y, wide, high, fill, edge);
    }

    void dot(double x, double y, double radius, String colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x, y, radius, colour);
    }

    /** A line through points, {@code {x, y}} each. */
    void path(List<double[]> points, String colour, double thickness, boolean dashed) {
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"%s/>",
                joined(points), colour, thickness, dashed ? " stroke-dasharray=\"5 4\"" : "");
    }

    void area(List<double[]> points, String fill) {
        add("<polygon points=\"%s\" fill=\"%s\"/>", joined(points), fill);
    }

    /** An arrow to the right or left, up or down: its head follows its longer side. */
    void arrow(double x1, double y1, double x2, double y2, String colour) {
        line(x1, y1, x2, y2, colour, 1.5);
        boolean flat = Math.abs(x2 - x1) > Math.abs(y2 - y1);
        double back = 6 * Math.signum(flat ? x1 - x2 : y1 - y2);
        area(
                flat
                        ? List.of(
                                new double[] {x2, y2}, new double[] {x2 + back, y2 - 4}, new double[] {x2 + back, y2 + 4
                                })
                        : List.of(
                                new double[] {x2, y2}, new double[] {x2 - 4, y2 + back}, new double[] {x2 + 4, y2 + back
                                }),
                colour);
    }

    /**
     * Text.
     *
     * @param anchor where x is: start, middle or end
     * @param style such as {@code font-weight="bold"}, or nothing
     */
    void text(double x, double y, String anchor, String colour, int size, String style, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\" %s>%s</text>",
                x, y, anchor, colour, size, style, text.replace("&", "&amp;").replace("<", "&lt;"));
    }

    void label(double x, double y, String text) {
        text(x, y, "middle", INK, 12, "", text);
    }

    void title(double x, double y, String text) {
        text(x, y, "middle", INK, 14, "font-weight=\"bold\"", text);
    }

    private static String joined(List<double[]> points) {
        StringBuilder joined = new StringBuilder();
        for (double[] point : points) {
            joined.append(String.format(Locale.ROOT, "%.1f,%.1f ", point[0], point[1]));
        }
        return joined.toString().strip();
    }

    private void add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" role="img">
                <title>%s</title>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %s</svg>
                """, width, height, description, body);
    }
}
