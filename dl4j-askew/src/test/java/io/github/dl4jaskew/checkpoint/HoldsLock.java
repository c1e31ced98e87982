package io.github.dl4jaskew.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A process that begins a training in the directory that it is given, says so, and stays until it is killed. */
final class HoldsLock {

    private HoldsLock() {}

    public static void main(String[] args) throws IOException {
        new CheckpointDirectory(Path.of(args[0])).newRun();
        System.out.println("begun");
        System.in.read();
    }
}
