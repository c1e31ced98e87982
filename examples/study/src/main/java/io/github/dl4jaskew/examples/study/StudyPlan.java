package io.github.dl4jaskew.examples.study;

import io.github.dl4jaskew.grid.Grid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which cells there are, and which trainings give them. */
final class StudyPlan {

    /** The grid of a float network. */
    static final String NO_GRID = "none";

    /**
     * One training with everything that is measured after it: a cell, or a float network with its roundings.
     *
     * @param problem data and network
     * @param method what trains the network
     * @param grid the levels; "none" for the float network
     * @param seed of the training
     * @param cells what it gives
     */
    record Job(Problem problem, Method method, String grid, long seed, List<Cell> cells) {}

    private StudyPlan() {}

    /** All cells of the problems, in the order in which they are run: one seed of everything before the next one. */
    static List<Cell> cells(Collection<Problem> problems) {
        List<Cell> cells = new ArrayList<>();
        for (Problem problem : problems) {
            for (long seed = 1; seed <= problem.seeds(); seed++) {
                cells.add(new Cell(problem, NO_GRID, Method.FLOAT, seed));
                for (Grid grid : problem.grids()) {
                    for (Method method : Method.values()) {
                        if (method != Method.FLOAT) {
                            cells.add(new Cell(problem, grid.toString(), method, seed));
                        }
                    }
                }
            }
        }
        return cells;
    }

    /** The trainings that give these cells. */
    static List<Job> jobs(Collection<Cell> cells) {
        Map<Cell, Job> jobs = new LinkedHashMap<>();
        for (Cell cell : cells) {
            Cell trained = cell.method() == Method.ROUNDING
                    ? new Cell(cell.problem(), NO_GRID, Method.FLOAT, cell.seed())
                    : cell;
            jobs.computeIfAbsent(trained, t -> new Job(t.problem(), t.method(), t.grid(), t.seed(), new ArrayList<>()))
                    .cells()
                    .add(cell);
        }
        return List.copyOf(jobs.values());
    }
}
