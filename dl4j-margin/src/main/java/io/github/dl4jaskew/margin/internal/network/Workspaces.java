package io.github.dl4jaskew.margin.internal.network;

import java.util.function.Supplier;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's workspaces, of which a listener may be called inside some. */
public final class Workspaces {

    private Workspaces() {}

    /** Computes something whose arrays belong to no workspace that is open now. */
    @SuppressWarnings("try")
    public static <T> T outside(Supplier<T> computation) {
        try (MemoryWorkspace none = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            return computation.get();
        }
    }
}
