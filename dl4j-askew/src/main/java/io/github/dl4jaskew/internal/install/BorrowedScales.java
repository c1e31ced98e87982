package io.github.dl4jaskew.internal.install;

import io.github.dl4jaskew.grid.ScaledGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** The channels of a parameter that have no scale of their own and take the tensor's. */
public final class BorrowedScales implements IntConsumer {

    private static final int NAMED = 5;

    private final String subject;
    private final List<Integer> channels = new ArrayList<>();

    public BorrowedScales(String subject) {
        this.subject = subject;
    }

    @Override
    public void accept(int channel) {
        channels.add(channel);
    }

    public Optional<String> warning(ScaledGrid grid) {
        if (channels.isEmpty()) {
            return Optional.empty();
        }
        boolean one = channels.size() == 1;
        int channel = channels.get(0);
        double nearest = Math.abs(grid.nearest(channel, 0));
        String names = String.join(
                ", ", channels.stream().limit(NAMED).map(String::valueOf).toList());
        return Optional.of(subject + ": "
                + (one
                        ? "channel " + names
                        : channels.size() + " channels (" + names + (channels.size() > NAMED ? ", ..." : "") + ")")
                + " cannot have a scale of " + (one ? "its" : "their")
                + " own (weights all zero or tiny: dead outputs) and " + (one ? "takes" : "take") + " the tensor's, "
                + (float) grid.scale(channel)
                + (nearest == 0
                        ? ""
                        : "; " + grid.grid() + " has no level 0, and rounding gives these weights the magnitude "
                                + (float) nearest));
    }
}
