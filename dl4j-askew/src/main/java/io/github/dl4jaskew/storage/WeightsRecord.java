package io.github.dl4jaskew.storage;

import io.github.dl4jaskew.interval.CellHistogram;
import io.github.dl4jaskew.interval.LevelInterval;
import io.github.dl4jaskew.listener.AskewReport;
import io.github.dl4jaskew.listener.AskewSnapshot;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the weights lay at one report, parameter by parameter, and the eps of that time. It has the time of its {@link
 * AskewRecord}, but a type of its own, so that whoever draws curves need not read histograms. Immutable but for {@code
 * decode}, which storages call on a new one; not thread safe while that runs.
 *
 * @serial exclude
 */
public final class WeightsRecord extends EncodedRecord {

    /** The type of these records. */
    public static final String TYPE = "DL4JAskewWeights";

    private static final long serialVersionUID = 1;

    private int iteration;
    private int epoch;
    private double epsilon = 1;
    private List<Weights> parameters = List.of();

    /**
     * The weights of one parameter.
     *
     * @param layer its layer's name
     * @param parameter its key
     * @param histogram where they lie between the levels
     */
    public record Weights(String layer, String parameter, CellHistogram histogram) {}

    /** For storages, which decode into it. */
    public WeightsRecord() {
        super(Kind.WEIGHTS, "", "", 0);
    }

    /**
     * Takes the histograms of a snapshot.
     *
     * @param session identifies the training
     * @param worker identifies the network in it
     * @param time in milliseconds since 1970
     * @param snapshot what was measured
     */
    public WeightsRecord(String session, String worker, long time, AskewSnapshot snapshot) {
        super(Kind.WEIGHTS, session, worker, time);
        iteration = snapshot.report().iteration();
        epoch = snapshot.report().epoch();
        epsilon = snapshot.report().epsilon();
        List<Weights> all = new ArrayList<>();
        for (int i = 0; i < snapshot.histograms().size(); i++) {
            AskewReport.Row row = snapshot.report().parameters().get(i);
            all.add(new Weights(
                    row.layer(), row.parameter(), snapshot.histograms().get(i)));
        }
        parameters = List.copyOf(all);
    }

    /**
     * When they were counted.
     *
     * @return the network's iteration count
     */
    public int iteration() {
        return iteration;
    }

    /**
     * When they were counted.
     *
     * @return the network's epoch count
     */
    public int epoch() {
        return epoch;
    }

    /**
     * The width of the intervals at that time.
     *
     * @return eps in [0, 1]
     */
    public double epsilon() {
        return epsilon;
    }

    /**
     * All constrained parameters.
     *
     * @return in network order
     */
    public List<Weights> parameters() {
        return parameters;
    }

    /**
     * One parameter.
     *
     * @param layer its layer's name
     * @param parameter its key
     * @return empty if it is not among them
     */
    public Optional<Weights> parameter(String layer, String parameter) {
        return parameters.stream()
                .filter(w -> w.layer().equals(layer) && w.parameter().equals(parameter))
                .findFirst();
    }

    /**
     * The annealed intervals of that time, in the positions of the histogram.
     *
     * @param weights one of the parameters
     * @return one interval for each level
     */
    public List<LevelInterval> intervals(Weights weights) {
        return LevelInterval.of(weights.histogram().levels(), epsilon);
    }

    @Override
    void writeRest(DataOutputStream out) throws IOException {
        out.writeInt(iteration);
        out.writeInt(epoch);
        out.writeDouble(epsilon);
        RecordInput.writeWhole(out, parameters.size());
        for (Weights weights : parameters) {
            RecordInput.writeText(out, weights.layer());
            RecordInput.writeText(out, weights.parameter());
            out.writeByte(weights.histogram().binsPerCell());
            long[] counts = weights.histogram().counts();
            RecordInput.writeWhole(out, counts.length);
            for (long count : counts) {
                RecordInput.writeWhole(out, count);
            }
        }
    }

    @Override
    void readRest(RecordInput in) throws IOException {
        iteration = in.data().readInt();
        epoch = in.data().readInt();
        epsilon = in.data().readDouble();
        if (!(epsilon >= 0 && epsilon <= 1)) {
            throw new IOException("epsilon is " + epsilon + "; allowed are 0 to 1");
        }
        int count = in.count("number of parameters");
        List<Weights> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(new Weights(in.text(), in.text(), histogram(in)));
        }
        parameters = List.copyOf(all);
    }

    private static CellHistogram histogram(RecordInput in) throws IOException {
        int binsPerCell = in.data().readUnsignedByte();
        long[] counts = new long[in.count("number of bins")];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = in.whole();
        }
        return new CellHistogram(binsPerCell, counts);
    }
}
