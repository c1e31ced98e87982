package io.github.dl4jaskew.resume;

import io.github.dl4jaskew.checkpoint.CheckpointDirectory;
import io.github.dl4jaskew.listener.AskewListener;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The process that is killed. Goes on from the newest complete checkpoint if there is one, and says on standard output at
 * which iteration it starts and which ones it has done.
 */
public final class Trainee {

    static final String START = "start ";
    static final String ITERATION = "iteration ";
    static final int ITERATIONS_BETWEEN_CHECKPOINTS = 3;

    private Trainee() {}

    /**
     * Trains to the end.
     *
     * @param args a {@link Training}, and the directory of checkpoints, reports and result
     * @throws IOException if the result cannot be written
     */
    public static void main(String[] args) throws IOException {
        Training training = Training.valueOf(args[0]);
        Path directory = Path.of(args[1]);
        CheckpointDirectory checkpoints = new CheckpointDirectory(directory.resolve("checkpoints"));
        Model network = checkpoints.newest().map(training::restore).orElseGet(training::fresh);
        System.out.println(START + training.iteration(network));

        List<TrainingListener> listeners = new ArrayList<>();
        listeners.add(new Announcer());
        listeners.addAll(training.listeners());
        listeners.add(new AskewListener(1).toJsonLines(reports(directory)));
        listeners.add(checkpoints
                .newRun()
                .saveEveryNIterations(ITERATIONS_BETWEEN_CHECKPOINTS)
                .saveEveryEpoch()
                .keepLast(2)
                .build());
        training.train(network, listeners);
        write(result(directory), network.params(), training.updaterState(network));
    }

    static Path result(Path directory) {
        return directory.resolve("result.bin");
    }

    static Path reports(Path directory) {
        return directory.resolve("reports.jsonl");
    }

    private static void write(Path file, INDArray... arrays) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (INDArray array : arrays) {
                for (float value : array.dup().reshape(-1).toFloatVector()) {
                    out.writeInt(Float.floatToRawIntBits(value));
                }
            }
        }
    }

    /** Comes before the checkpoint of the same iteration. */
    private static final class Announcer extends BaseTrainingListener {
        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            System.out.println(ITERATION + iteration);
        }
    }
}
