package io.github.dl4jaskew.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark runs, once, in this JVM: its figures mean nothing here. */
class BenchmarksTest {

    @Tag("slow")
    @TestFactory
    Stream<DynamicTest> everyBenchmarkRuns() {
        return List.of(
                        "KernelBenchmark",
                        "GridBenchmark",
                        "StepBenchmark",
                        "MarginBenchmark",
                        "EdgeBenchmark",
                        "StartBenchmark")
                .stream()
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Collection<RunResult> results = new Runner(new OptionsBuilder()
                                    .include(name)
                                    .mode(Mode.SingleShotTime)
                                    .param("size", "10000")
                                    .forks(0)
                                    .warmupIterations(0)
                                    .measurementIterations(1)
                                    .shouldFailOnError(true)
                                    .verbosity(VerboseMode.SILENT)
                                    .build())
                            .run();
                    assertThat(results)
                            .isNotEmpty()
                            .allSatisfy(result -> assertThat(
                                            result.getPrimaryResult().getScore())
                                    .isPositive());
                }));
    }
}
