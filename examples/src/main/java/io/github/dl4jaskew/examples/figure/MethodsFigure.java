package io.github.dl4jaskew.examples.figure;

import java.util.List;

/** What is combined freely, and what comes of it: base updater, quantizer and method. */
final class MethodsFigure {

    private static final int BOX = 200;
    private static final int TOP = 40;
    private static final int LINE = 20;

    private final Svg svg = new Svg(
            960,
            250,
            "Base updater times quantizer (grid and scale) times method give a quantized model, which is saved");

    static String draw() {
        MethodsFigure figure = new MethodsFigure();
        figure.box(
                10,
                "Base updater",
                "any IUpdater",
                List.of("Sgd, Adam, ...", "AskewSgd (the paper's)", "one of its own for", "the constrained weights"));
        figure.sign(228, "×");
        figure.box(
                246,
                "Quantizer",
                "Grid and Scale",
                List.of(
                        "binary, ternary",
                        "uniform 1 to 8 bits",
                        "powers of two, any levels",
                        "per tensor or per channel"));
        figure.sign(464, "×");
        figure.box(
                482,
                "Method",
                "how weights reach the grid",
                List.of("AskewSGD", "BinaryConnect (STE)", "ProxQuant, PARQ,", "BinaryRelax, or PTQ alone"));
        figure.svg.arrow(692, TOP + 80, 736, TOP + 80, Svg.INK);
        figure.box(
                746,
                "QuantizedModel",
                "exact levels and codes",
                List.of(
                        "a plain DL4J network",
                        "packed file, 1 to 8 bits",
                        "edge predictor, pure Java",
                        "arrays for NumPy"));
        figure.svg.text(480, 236, "middle", Svg.FAINT, 12, "", "install(net)  →  net.fit(...)  →  quantize(net, data)");
        return figure.svg.toString();
    }

    private void box(double x, String title, String subtitle, List<String> lines) {
        svg.rectangle(x, TOP, BOX, 160, "#f6f8fa", Svg.BLUE);
        svg.title(x + BOX / 2.0, TOP + 26, title);
        svg.text(x + BOX / 2.0, TOP + 46, "middle", Svg.BLUE, 12, "", subtitle);
        for (int i = 0; i < lines.size(); i++) {
            svg.label(x + BOX / 2.0, TOP + 76 + i * LINE, lines.get(i));
        }
    }

    private void sign(double x, String sign) {
        svg.text(x, TOP + 90, "middle", Svg.INK, 24, "", sign);
    }
}
