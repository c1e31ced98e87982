package io.github.dl4jaskew.examples.study;

import static java.util.stream.Collectors.groupingBy;

import io.github.dl4jaskew.examples.study.Training.Outcome;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Learning rates chosen without the test set: each candidate is trained on a part of the training set and measured on the
 * rest of it. The best mean accuracy over the seeds wins, with equal ones the lower loss. Where that is the lowest or the
 * highest candidate, others beyond it are tried, three at most, so that hardly a method suffers from the list that it was
 * given.
 */
final class Tuning {

    /** How often a list is continued in either direction. */
    private static final int FURTHER = 3;

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
            return new Subject(job.problem(), job.method(), job.grid());
        }
    }

    /** A choice to try, see {@link Method#rates}, in a training with a seed. */
    record Candidate(Subject subject, double rate, long seed) {

        boolean isOf(Trial trial) {
            return trial.learningRate() == rate && trial.seed() == seed;
        }
    }

    /** What has to be tried next before the jobs can run; nothing, when their choices are known. */
    List<Candidate> missing(List<StudyPlan.Job> jobs) {
        Set<Subject> subjects = new LinkedHashSet<>();
        jobs.forEach(job -> subjects.add(Subject.of(job)));
        List<Candidate> missing = new ArrayList<>();
        subjects.forEach(subject -> missing.addAll(missing(subject)));
        return missing;
    }

    private List<Candidate> missing(Subject subject) {
        List<Trial> tried = trials(subject);
        return missing(subject, rates(subject, tried), tried);
    }

    private static List<Candidate> missing(Subject subject, List<Double> rates, List<Trial> tried) {
        return candidates(subject, rates).stream()
                .filter(candidate -> tried.stream().noneMatch(candidate::isOf))
                .toList();
    }

    /** The method's own list, and beyond it what its best rate so far asks for. */
    private static List<Double> rates(Subject subject, List<Trial> tried) {
        List<Double> rates = new ArrayList<>(subject.problem().rates(subject.method()));
        int lower = 0;
        int higher = 0;
        while (rates.size() > 1 && missing(subject, rates, tried).isEmpty()) {
            double best = best(tried, rates);
            int last = rates.size() - 1;
            if (best == rates.get(0) && lower++ < FURTHER) {
                rates.add(0, beyond(rates.get(1), best));
            } else if (best == rates.get(last) && higher++ < FURTHER) {
                rates.add(beyond(rates.get(last - 1), best));
            } else {
                break;
            }
        }
        return rates;
    }

    private static List<Candidate> candidates(Subject subject, List<Double> rates) {
        List<Candidate> candidates = new ArrayList<>();
        if (rates.size() == 1) {
            return candidates;
        }
        for (long seed : subject.problem().tasks().tuningSeeds()) {
            rates.forEach(rate -> candidates.add(new Candidate(subject, rate, seed)));
        }
        return candidates;
    }

    /** The next rate of a geometric series, with two digits. */
    private static double beyond(double before, double edge) {
        return BigDecimal.valueOf(edge * edge / before)
                .round(new MathContext(2))
                .doubleValue();
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
        List<Trial> tried = trials(subject);
        List<Double> rates = rates(subject, tried);
        return rates.size() == 1 ? rates.get(0) : best(tried, rates);
    }

    private static double best(List<Trial> tried, List<Double> rates) {
        Map<Double, List<Trial>> byRate = tried.stream()
                .filter(trial -> rates.contains(trial.learningRate()))
                .collect(groupingBy(Trial::learningRate));
        return Collections.max(
                        byRate.entrySet(),
                        Comparator.comparingDouble((Map.Entry<Double, List<Trial>> trials) ->
                                        mean(trials.getValue(), Trial::heldOutAccuracy))
                                .thenComparingDouble(trials -> -mean(trials.getValue(), Trial::heldOutLoss)))
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
