package io.github.dl4jaskew.margin.internal.measure;

import io.github.dl4jaskew.margin.internal.network.Batch;
import io.github.dl4jaskew.margin.internal.network.Workspaces;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Copies of the last minibatches of a training. Thread safe. */
public final class RecentMinibatches implements TrainingData {

    private final int capacity;
    private final Deque<Batch> batches = new ArrayDeque<>();

    public RecentMinibatches(int capacity) {
        this.capacity = capacity;
    }

    public synchronized void add(Batch batch) {
        if (batches.size() == capacity) {
            batches.removeFirst().close();
        }
        batches.addLast(Workspaces.outside(batch::copy));
    }

    @Override
    public void forEach(Consumer<Batch> action) {
        List<Batch> now;
        synchronized (this) {
            now = List.copyOf(batches);
        }
        if (now.isEmpty()) {
            throw new IllegalStateException(
                    "no minibatch was seen yet: add a MarginListener to the network, and train");
        }
        now.forEach(action);
    }
}
