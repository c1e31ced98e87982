package io.github.dl4jaskew.examples.study;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.github.dl4jaskew.examples.study.Training.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Learning rates chosen without the test set: each candidate is trained on a part of the training set and measured on the
 * rest of it. The best mean accuracy over the seeds wins, with equal ones the lower loss.
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

    /** A choice to try, see {@link Method#rates}, in a training with a seed. */
    record Candidate(Subject subject, double rate, long seed) {

        boolean isOf(Trial trial) {
            return trial.learningRate() == rate && trial.seed() == seed;
        }
    }

    /** What has to be tried before the jobs can run. */
    List<Candidate> missing(List<StudyPlan.Job> jobs) {
        Set<Subject> subjects = new LinkedHashSet<>();
        jobs.forEach(job -> subjects.add(Subject.of(job)));
        List<Candidate> missing = new ArrayList<>();
        for (Subject subject : subjects) {
            List<Trial> tried = trials(subject);
            candidates(subject).stream()
                    .filter(candidate -> tried.stream().noneMatch(candidate::isOf))
                    .forEach(missing::add);
        }
        return missing;
    }

    private static List<Candidate> candidates(Subject subject) {
        Problem problem = subject.problem();
        List<Double> rates = problem.rates(subject.method());
        List<Candidate> candidates = new ArrayList<>();
        if (rates.size() > 1) {
            for (long seed : problem.tasks().tuningSeeds()) {
                rates.forEach(rate -> candidates.add(new Candidate(subject, rate, seed)));
            }
        }
        return candidates;
    }

    /** Trains with a candidate and notes how good it is. */
    void run(Candidate candidate, Runnable onEpoch) throws IOException {
        Subject subject = candidate.subject();
        Problem problem = subject.problem();
        Training training = new Training(
                problem.tasks().heldOut(candidate.seed()),
                problem.tasks().hasOwnRecipe(),
                problem.tuningEpochs(),
                candidate.seed(),
                onEpoch);
        Outcome outcome = subject.method() == Method.FLOAT
                ? training.trainFloat(candidate.rate()).outcome()
                : training.train(subject.method(), problem.grid(subject.grid()), candidate.rate());
        file.add(new Trial(
                problem.dataset(),
                problem.network(),
                subject.grid(),
                subject.method().label(),
                candidate.seed(),
                candidate.rate(),
                outcome.accuracy(),
                outcome.loss(),
                outcome.seconds(),
                problem.tuningSettings(subject.method())));
    }

    /** What was chosen for a job, whose candidates have all been tried. */
    double choice(StudyPlan.Job job) {
        Subject subject = Subject.of(job);
        List<Double> rates = subject.problem().rates(subject.method());
        if (rates.size() == 1) {
            return rates.get(0);
        }
        Map<Double, List<Trial>> trials =
                trials(subject).stream().collect(groupingBy(Trial::learningRate, LinkedHashMap::new, toList()));
        return trials.entrySet().stream()
                .max(Comparator.comparingDouble((Map.Entry<Double, List<Trial>> tried) ->
                                mean(tried.getValue(), Trial::heldOutAccuracy))
                        .thenComparingDouble(tried -> -mean(tried.getValue(), Trial::heldOutLoss)))
                .orElseThrow(() -> new IllegalStateException("no learning rate was tried for " + subject))
                .getKey();
    }

    private static double mean(List<Trial> trials, ToDoubleFunction<Trial> figure) {
        return trials.stream().mapToDouble(figure).average().orElseThrow();
    }

    private List<Trial> trials(Subject subject) {
        Problem problem = subject.problem();
        Settings settings = problem.tuningSettings(subject.method());
        return file.trials().stream()
                .filter(t -> t.dataset().equals(problem.dataset())
                        && t.network().equals(problem.network())
                        && t.grid().equals(subject.grid())
                        && t.method().equals(subject.method().label())
                        && t.settings().equals(settings)
                        && problem.tasks().tuningSeeds().contains(t.seed()))
                .toList();
    }
}
