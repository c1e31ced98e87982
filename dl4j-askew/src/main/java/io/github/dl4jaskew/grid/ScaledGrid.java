package io.github.dl4jaskew.grid;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A grid with its scales: the very levels {@code s_c * c_i} of one parameter. This is what training,
 * evaluation and packing share, and what is stored with the network.
 *
 * <p>A level is computed in double; as a float32 weight it is that value rounded once, {@code (float)
 * level(channel, code)}. Immutable, thread safe, with value equality; survives JSON.
 *
 * @serial exclude
 */
public final class ScaledGrid implements Serializable {

    private static final long serialVersionUID = 1L;

    private final Grid grid;
    private final double[] scales;
    private final Channels channels;

    /**
     * A grid with given scales.
     *
     * @param grid the levels at unit scale
     * @param scales one positive scale for each channel; rounded to float32
     * @param channels where the channels lie in the parameter's memory
     * @throws IllegalArgumentException if a scale is not positive and finite, or their number differs
     *     from the number of channels
     */
    @JsonCreator
    public ScaledGrid(
            @JsonProperty("grid") Grid grid,
            @JsonProperty("scales") double[] scales,
            @JsonProperty("channels") Channels channels) {
        if (scales.length != channels.count()) {
            throw new IllegalArgumentException(
                    scales.length + " scales were given for " + channels.count() + " channels");
        }
        this.grid = Objects.requireNonNull(grid, "grid");
        this.channels = channels;
        this.scales = new double[scales.length];
        for (int c = 0; c < scales.length; c++) {
            this.scales[c] = Scale.checked(scales[c]);
        }
    }

    /**
     * A grid with one scale for the whole tensor.
     *
     * @param grid the levels at unit scale
     * @param scale positive and finite; rounded to float32
     * @return the scaled grid
     */
    public static ScaledGrid perTensor(Grid grid, double scale) {
        return new ScaledGrid(grid, new double[] {scale}, Channels.perTensor());
    }

    /** {@return the grid: the levels at unit scale} */
    @JsonProperty("grid")
    public Grid grid() {
        return grid;
    }

    /** {@return the layout of the channels in the parameter's memory} */
    @JsonProperty("channels")
    public Channels channels() {
        return channels;
    }

    /** {@return a copy of the scale of each channel} */
    @JsonProperty("scales")
    public double[] scales() {
        return scales.clone();
    }

    /**
     * The scale of one channel.
     *
     * @param channel 0 to {@code channels().count() - 1}
     * @return a positive number that is exact in float32
     */
    public double scale(int channel) {
        return scales[channel];
    }

    /**
     * A level of one channel.
     *
     * @param channel 0 to {@code channels().count() - 1}
     * @param code 0 to {@code grid().size() - 1}
     * @return {@code s_channel * c_code}
     */
    public double level(int channel, int code) {
        return scales[channel] * grid.level(code);
    }

    /**
     * The code of the level nearest to a weight; halfway between two levels, the upper one; beyond the
     * ends, the end level.
     *
     * @param channel the weight's channel
     * @param weight a finite weight
     * @return 0 to {@code grid().size() - 1}
     */
    public int code(int channel, double weight) {
        return grid.nearest(weight / scales[channel]);
    }

    /**
     * The nearest level.
     *
     * @param channel the weight's channel
     * @param weight a finite weight
     * @return the level, in double
     */
    public double nearest(int channel, double weight) {
        return level(channel, code(channel, weight));
    }

    /**
     * The coordinate of a weight in its cell {@code [a, b]}: {@code t = (w - mid) / half}, -1 on the lower
     * level and +1 on the upper. Beyond the hull the end cell counts, and {@code |t| > 1}.
     *
     * @param channel the weight's channel
     * @param weight a finite weight
     * @return the cell coordinate
     */
    public double coordinate(int channel, double weight) {
        double x = weight / scales[channel];
        int cell = grid.cell(x);
        double half = 0.5 * (grid.level(cell + 1) - grid.level(cell));
        double middle = 0.5 * (grid.level(cell + 1) + grid.level(cell));
        return (x - middle) / half;
    }

    /**
     * Half the width of the cell that holds a weight.
     *
     * @param channel the weight's channel
     * @param weight a finite weight
     * @return a positive number, in units of the weight
     */
    public double halfCell(int channel, double weight) {
        int cell = grid.cell(weight / scales[channel]);
        return 0.5 * scales[channel] * (grid.level(cell + 1) - grid.level(cell));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScaledGrid that
                && grid.equals(that.grid)
                && channels.equals(that.channels)
                && Arrays.equals(scales, that.scales);
    }

    @Override
    public int hashCode() {
        return Objects.hash(grid, channels, Arrays.hashCode(scales));
    }

    @Override
    public String toString() {
        return grid + " x " + (scales.length == 1 ? scales[0] : scales.length + " scales");
    }
}
