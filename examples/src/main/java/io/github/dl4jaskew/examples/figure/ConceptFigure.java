package io.github.dl4jaskew.examples.figure;

import io.github.dl4jaskew.interval.Interval;
import io.github.dl4jaskew.schedule.Annealing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.schedule.ISchedule;

/** AskewSGD in three panels: a weight in its cell, the intervals as they close, and the skewed step. */
final class ConceptFigure {

    private static final int WIDTH = 960;
    private static final int HEIGHT = 330;
    private static final double TOP = 52;
    private static final double BOTTOM = 268;

    /** Of panels 1 and 3: the inner edge is then at 0.67 half cells. */
    private static final double EPSILON = 0.3;

    private static final int STEPS = 200;
    private static final int HOLD = 110;
    private static final ISchedule SCHEDULE =
            Annealing.hold(HOLD).thenExponential(1e-4, STEPS - HOLD).byIteration();

    private static final int WEIGHTS = 14;
    private static final double RESTORING_RATE = 0.3;
    private static final double MAX_STEP = 0.25;

    private final Svg svg = new Svg(
            WIDTH,
            HEIGHT,
            "AskewSGD: a weight in the cell between two levels; intervals around the levels that shrink during training;"
                    + " a step that is skewed towards the nearer level");

    static String draw() {
        ConceptFigure figure = new ConceptFigure();
        figure.cell();
        figure.closing();
        figure.step();
        return figure.svg.toString();
    }

    private void cell() {
        double left = 30;
        double right = 280;
        DoubleUnaryOperator x = w -> left + (w + 1) / 2 * (right - left);
        double axis = 160;
        double edge = (1 - Interval.tau(EPSILON)) / 2;
        svg.title(155, 24, "1. A weight in its cell");
        for (int level = -1; level <= 1; level++) {
            double from = Math.max(-1, level - edge);
            double to = Math.min(1, level + edge);
            svg.rectangle(
                    x.applyAsDouble(from),
                    axis - 14,
                    x.applyAsDouble(to) - x.applyAsDouble(from),
                    28,
                    Svg.TINT,
                    Svg.TINT);
            svg.line(x.applyAsDouble(level), axis - 20, x.applyAsDouble(level), axis + 20, Svg.BLUE, 2);
            svg.label(x.applyAsDouble(level), axis + 36, level == 0 ? "0" : (level < 0 ? "-" : "+") + "1 × scale");
        }
        svg.line(left, axis, right, axis, Svg.INK, 1);
        double weight = x.applyAsDouble(0.36);
        svg.dot(weight, axis, 5, Svg.ORANGE);
        svg.arrow(weight - 7, axis, x.applyAsDouble(edge) + 1, axis, Svg.ORANGE);
        svg.text(weight, axis - 22, "middle", Svg.ORANGE, 12, "", "weight");
        bracket(x.applyAsDouble(0), x.applyAsDouble(1), 98, "cell");
        bracket(x.applyAsDouble(0.5), x.applyAsDouble(1), 126, "half cell");
        bracket(left, right, 70, "hull");
        svg.text(155, 232, "middle", Svg.BLUE, 12, "", "levels, and their intervals (shaded)");
        svg.label(155, 252, "Outside its interval (infeasible),");
        svg.label(155, 268, "the weight is steered to the nearer level.");
        svg.text(155, 308, "middle", Svg.FAINT, 12, "", "distance: 0 on a level, 1 in the middle of a cell");
    }

    private void bracket(double from, double to, double y, String name) {
        svg.line(from, y, to, y, Svg.FAINT, 1);
        svg.line(from, y, from, y + 6, Svg.FAINT, 1);
        svg.line(to, y, to, y + 6, Svg.FAINT, 1);
        svg.text((from + to) / 2, y - 3, "middle", Svg.INK, 11, "", name);
    }

    private void closing() {
        double left = 350;
        double right = 620;
        DoubleUnaryOperator x = step -> left + step / STEPS * (right - left);
        DoubleUnaryOperator y = w -> (TOP + BOTTOM) / 2 - w * (BOTTOM - TOP) / 2;
        svg.title((left + right) / 2, 24, "2. The intervals close");
        svg.rectangle(left, TOP, right - left, BOTTOM - TOP, Svg.TINT, Svg.TINT);
        for (double middle : new double[] {-0.5, 0.5}) {
            List<double[]> gap = new ArrayList<>();
            for (int step = 0; step <= STEPS; step++) {
                gap.add(new double[] {x.applyAsDouble(step), y.applyAsDouble(middle + tau(step) / 2)});
            }
            for (int step = STEPS; step >= 0; step--) {
                gap.add(new double[] {x.applyAsDouble(step), y.applyAsDouble(middle - tau(step) / 2)});
            }
            svg.area(gap, "#ffffff");
        }
        Random random = new Random(5);
        for (int i = 0; i < WEIGHTS; i++) {
            List<double[]> way = new ArrayList<>();
            double weight = 0.06 * random.nextGaussian();
            double drift = 0.02 * random.nextGaussian();
            for (int step = 0; step <= STEPS; step++) {
                way.add(new double[] {x.applyAsDouble(step), y.applyAsDouble(weight)});
                weight = next(weight, rate(step) * (drift + 0.04 * random.nextGaussian()), step);
            }
            svg.path(way, Svg.ORANGE, 0.8, false);
        }
        for (int level = -1; level <= 1; level++) {
            svg.line(left, y.applyAsDouble(level), right, y.applyAsDouble(level), Svg.BLUE, 1.5);
            svg.text(left - 8, y.applyAsDouble(level) + 4, "end", Svg.INK, 12, "", level > 0 ? "+1" : "" + level);
        }
        svg.line(x.applyAsDouble(HOLD), TOP, x.applyAsDouble(HOLD), BOTTOM + 8, Svg.FAINT, 1);
        svg.label((left + x.applyAsDouble(HOLD)) / 2, BOTTOM + 20, "hold: eps = 1, free");
        svg.label((x.applyAsDouble(HOLD) + right) / 2, BOTTOM + 20, "eps falls to 0");
        svg.text((left + right) / 2, 308, "middle", Svg.FAINT, 12, "", "iterations; orange: weights");
    }

    /** Learning rates fall to 0 along a cosine. */
    private static double rate(int step) {
        return (1 + Math.cos(Math.PI * step / STEPS)) / 2;
    }

    private static double tau(int step) {
        return Interval.tau(SCHEDULE.valueAt(Math.min(step, STEPS), 0));
    }

    /** One step of a weight in the cells of the levels -1, 0 and 1, whose half cells are 0.5 wide; clipped to the hull. */
    private static double next(double weight, double displacement, int step) {
        double middle = weight < 0 ? -0.5 : 0.5;
        double t = (weight - middle) / 0.5;
        double skewed = Interval.skew(t, displacement / 0.5, SCHEDULE.valueAt(step, 0), RESTORING_RATE, MAX_STEP);
        return Math.max(-1, Math.min(1, weight + 0.5 * skewed));
    }

    private void step() {
        double left = 690;
        double right = 930;
        double proposed = -0.035;
        double highest = 0.2;
        DoubleUnaryOperator x = t -> (left + right) / 2 + t * (right - left) / 2;
        DoubleUnaryOperator y = d -> (TOP + BOTTOM) / 2 - d / highest * (BOTTOM - TOP) / 2;
        double tau = Interval.tau(EPSILON);
        svg.title((left + right) / 2, 24, "3. The step is skewed");
        for (double from : new double[] {-1, tau}) {
            svg.rectangle(x.applyAsDouble(from), TOP, (1 - tau) * (right - left) / 2, BOTTOM - TOP, Svg.TINT, Svg.TINT);
        }
        svg.line(left, y.applyAsDouble(0), right, y.applyAsDouble(0), Svg.FAINT, 1);
        svg.line(x.applyAsDouble(0), TOP, x.applyAsDouble(0), BOTTOM, Svg.FAINT, 1);
        svg.path(
                List.of(new double[] {left, y.applyAsDouble(proposed)}, new double[] {right, y.applyAsDouble(proposed)
                }),
                Svg.INK,
                1.2,
                true);
        svg.path(taken(x, y, proposed, -1, -0.001), Svg.ORANGE, 2.2, false);
        svg.path(taken(x, y, proposed, 0.001, 1), Svg.ORANGE, 2.2, false);
        svg.text(x.applyAsDouble(0.04), y.applyAsDouble(-0.055), "start", Svg.INK, 11, "", "proposed by the updater");
        svg.text(x.applyAsDouble(0.25), y.applyAsDouble(0.15), "start", Svg.ORANGE, 11, "", "taken");
        svg.text(left - 8, y.applyAsDouble(highest) + 10, "end", Svg.INK, 11, "", "step up");
        svg.text(left - 8, y.applyAsDouble(-highest), "end", Svg.INK, 11, "", "down");
        svg.label(left, BOTTOM + 20, "level 0");
        svg.label(x.applyAsDouble(0), BOTTOM + 20, "middle of the cell");
        svg.label(right, BOTTOM + 20, "level +1");
        svg.text(
                (left + right) / 2,
                308,
                "middle",
                Svg.FAINT,
                12,
                "",
                "where the weight is; shaded: inside the intervals");
    }

    private static List<double[]> taken(
            DoubleUnaryOperator x, DoubleUnaryOperator y, double proposed, double from, double to) {
        List<double[]> curve = new ArrayList<>();
        for (int i = 0; i <= 200; i++) {
            double t = from + (to - from) * i / 200;
            double step = Interval.skew(t, proposed, EPSILON, RESTORING_RATE, 0.19);
            curve.add(new double[] {x.applyAsDouble(t), y.applyAsDouble(step)});
        }
        return curve;
    }
}
