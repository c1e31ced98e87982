package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.examples.study.Training.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Learning rates chosen without the test set: each candidate is trained on a part of the training set and measured on the
 * rest of it. The best accuracy there wins, with equal ones the lower loss.
 */
final class Tuning {

    private final StudyFile file;

    Tuning(StudyFile file) {
        this.file = file;
    }

    /**
     * Something whose learning rate is chosen.
     *
     * @param problem where it is chosen
     * @param method the method
     * @param grid the levels; "none" for the float network
     */
    record Subject(Problem problem, Method method, String grid) {

        static Subject of(StudyPlan.Job job) {
            return new Subject(job.problem().tuned(), job.method(), job.grid());
        }
    }

    /** A choice to try; see {@link Method#rates}. */
    record Candidate(Subject subject, double rate) {}

    /** What has to be tried before the jobs can run. */
    List<Candidate> missing(List<StudyPlan.Job> jobs) {
        Set<Subject> subjects = new LinkedHashSet<>();
        jobs.forEach(job -> subjects.add(Subject.of(job)));
        List<Candidate> missing = new ArrayList<>();
        for (Subject subject : subjects) {
            List<Double> rates = subject.problem().rates(subject.method());
            Set<Double> tried = new LinkedHashSet<>();
            trials(subject).forEach(trial -> tried.add(trial.learningRate()));
            if (rates.size() > 1) {
                rates.stream()
                        .filter(rate -> !tried.contains(rate))
                        .forEach(rate -> missing.add(new Candidate(subject, rate)));
            }
        }
        return missing;
    }

    /** Trains with a candidate and notes how good it is. */
    void run(Candidate candidate, Runnable onEpoch) throws IOException {
        Subject subject = candidate.subject();
        Problem problem = subject.problem();
        List<Outcome> outcomes = new ArrayList<>();
        for (long seed : problem.tasks().tuningSeeds()) {
            Training training = new Training(
                    problem.tasks().heldOut(seed),
                    problem.tasks().hasOwnRecipe(),
                    problem.tuningEpochs(),
                    seed,
                    onEpoch);
            outcomes.add(
                    subject.method() == Method.FLOAT
                            ? training.trainFloat(candidate.rate()).outcome()
                            : training.train(subject.method(), problem.grid(subject.grid()), candidate.rate()));
        }
        file.add(new Trial(
                problem.dataset(),
                problem.network(),
                subject.grid(),
                subject.method().label(),
                candidate.rate(),
                outcomes.stream().mapToDouble(Outcome::accuracy).average().orElseThrow(),
                outcomes.stream().mapToDouble(Outcome::loss).average().orElseThrow(),
                outcomes.stream().mapToDouble(Outcome::seconds).sum(),
                problem.tuningSettings(subject.method())));
    }

    /** What was chosen for a job, whose candidates have all been tried. */
    double choice(StudyPlan.Job job) {
        Subject subject = Subject.of(job);
        List<Double> rates = subject.problem().rates(subject.method());
        if (rates.size() == 1) {
            return rates.get(0);
        }
        return trials(subject).stream()
                .max(Comparator.comparingDouble(Trial::heldOutAccuracy)
                        .thenComparing(
                                Comparator.comparingDouble(Trial::heldOutLoss).reversed()))
                .orElseThrow(() -> new IllegalStateException("no learning rate was tried for " + subject))
                .learningRate();
    }

    private List<Trial> trials(Subject subject) {
        Problem problem = subject.problem();
        Settings settings = problem.tuningSettings(subject.method());
        return file.trials().stream()
                .filter(t -> t.dataset().equals(problem.dataset())
                        && t.network().equals(problem.network())
                        && t.grid().equals(subject.grid())
                        && t.method().equals(subject.method().label())
                        && t.settings().equals(settings))
                .toList();
    }
}
