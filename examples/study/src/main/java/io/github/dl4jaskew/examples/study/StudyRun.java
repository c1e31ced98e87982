package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.cli.Progress;
import io.github.dl4jaskew.examples.study.StudyPlan.Job;
import io.github.dl4jaskew.examples.study.Training.Outcome;
import io.github.dl4jaskew.examples.study.Training.Unconstrained;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import me.tongfei.progressbar.ProgressBar;

/** Runs what is missing, several trainings at a time, and writes down each as soon as it is finished. */
final class StudyRun {

    private final StudyFile file;
    private final Tuning tuning;
    private final int parallel;

    StudyRun(StudyFile file, int parallel) {
        this.file = file;
        this.tuning = new Tuning(file);
        this.parallel = parallel;
    }

    /** Those of the cells that the file does not hold. */
    List<Cell> missing(List<Cell> cells) {
        return cells.stream()
                .filter(cell ->
                        file.find(cell, cell.problem().settings(cell.method())).isEmpty())
                .toList();
    }

    /**
     * Trains problem by problem: first the candidates of learning rates, then the cells.
     *
     * @param cells what is missing
     * @throws IOException if results cannot be written
     * @throws InterruptedException if the run is interrupted
     */
    void run(List<Cell> cells) throws IOException, InterruptedException {
        List<Job> jobs = StudyPlan.jobs(cells);
        long epochs = jobs.stream().mapToLong(job -> job.problem().epochs()).sum() + epochs(tuning.missing(jobs));
        try (ProgressBar bar = Progress.of("epochs", epochs)) {
            for (Problem problem : jobs.stream().map(Job::problem).distinct().toList()) {
                List<Job> own = jobs.stream()
                        .filter(job -> job.problem().equals(problem))
                        .toList();
                bar.setExtraMessage("tuning " + problem);
                tune(own, bar);
                bar.setExtraMessage(problem.toString());
                all(own.stream().map(job -> task(() -> run(job, bar::step))).toList());
            }
        }
    }

    /** What the first trials gave may ask for more of them. */
    private void tune(List<Job> jobs, ProgressBar bar) throws IOException, InterruptedException {
        List<Tuning.Candidate> missing = tuning.missing(jobs);
        while (!missing.isEmpty()) {
            all(missing.stream()
                    .map(candidate -> task(() -> tuning.run(candidate, bar::step)))
                    .toList());
            missing = tuning.missing(jobs);
            bar.maxHint(bar.getMax() + epochs(missing));
        }
    }

    private static long epochs(List<Tuning.Candidate> candidates) {
        return candidates.stream()
                .mapToLong(c -> c.subject().problem().tuningEpochs())
                .sum();
    }

    private void run(Job job, Runnable onEpoch) throws IOException {
        Problem problem = job.problem();
        double choice = tuning.choice(job);
        Training training = new Training(
                problem.tasks().complete(job.seed()),
                problem.tasks().hasOwnRecipe(),
                problem.epochs(),
                job.seed(),
                onEpoch);
        if (job.method() != Method.FLOAT) {
            Outcome outcome = training.train(job.method(), problem.grid(job.grid()), choice);
            add(job.cells().get(0), outcome);
            return;
        }
        Unconstrained trained = training.trainFloat(choice);
        for (Cell cell : job.cells()) {
            boolean rounding = cell.method() == Method.ROUNDING;
            add(cell, rounding ? training.round(trained, problem.grid(cell.grid())) : trained.outcome());
        }
    }

    private void add(Cell cell, Outcome outcome) throws IOException {
        Problem problem = cell.problem();
        file.add(new CellResult(
                problem.dataset(),
                problem.network(),
                cell.grid(),
                cell.method().label(),
                cell.seed(),
                outcome.accuracy(),
                outcome.seconds(),
                outcome.learningRate(),
                problem.epochs(),
                outcome.loss(),
                outcome.accuracyInTraining(),
                outcome.onGrid(),
                problem.settings(cell.method())));
    }

    private interface Work {
        void run() throws IOException;
    }

    private static Callable<Boolean> task(Work work) {
        return () -> {
            work.run();
            return true;
        };
    }

    /** The first failure ends the run; what was finished before it stays. */
    private void all(List<Callable<Boolean>> tasks) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<Boolean>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(pool.submit(task)));
            for (Future<Boolean> future : futures) {
                future.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("a training failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
