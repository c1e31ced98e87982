package io.github.dl4jaskew.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/** Strikes once in a training, on whichever worker first reaches an iteration. A file tells those who come later. */
final class Fails extends BaseTrainingListener implements Serializable {

    private static final long serialVersionUID = 1L;

    /** How a worker fails. */
    enum How {
        /** Its task throws. */
        THROWS,
        /** Its process is gone at once, as under kill -9. */
        DIES
    }

    private final How how;
    private final int when;
    private final String file;

    Fails(How how, int when, Path file) {
        this.how = how;
        this.when = when;
        this.file = file.toString();
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (iteration < when || !isFirst()) {
            return;
        }
        if (how == How.DIES) {
            Runtime.getRuntime().halt(137);
        }
        throw new IllegalStateException("the failure that the test wants");
    }

    private boolean isFirst() {
        try {
            Files.createFile(Path.of(file));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
