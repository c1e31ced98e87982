package io.github.dl4jaskew.examples.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The figures in the repository are those that the formulas of today draw. */
class FiguresTest {

    @TestFactory
    Stream<DynamicTest> theFigureOfTheGuideIsTheOneThatIsDrawn() {
        return Figures.drawn().entrySet().stream()
                .map(figure -> DynamicTest.dynamicTest(
                        figure.getKey(),
                        () -> assertThat(Path.of("../dl4j-askew/images", figure.getKey()))
                                .as("run: ./mvnw -q -Pquickstart -Dmain=figure.Figures")
                                .content()
                                .isEqualTo(figure.getValue())));
    }
}
