package io.github.dl4jaskew.examples;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What networks of a few dozen weights need, and trainings that run beside each other. */
public final class SmallNetworks {

    private SmallNetworks() {}

    /**
     * Makes ND4J's native code run in one thread: arrays this small are faster computed than shared out, and threads
     * that wait for each other make a training several times slower.
     */
    public static void useOneThread() {
        // starts ND4J, without which there is no holder
        Nd4j.getBackend();
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }
}
