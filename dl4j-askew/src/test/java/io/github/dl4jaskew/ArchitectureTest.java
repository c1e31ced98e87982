package io.github.dl4jaskew;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.dl4jaskew.testkit.LibraryRules;
import java.io.Serializable;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.schedule.ISchedule;

/** The rules of the house. */
@AnalyzeClasses(
        packages = "io.github.dl4jaskew",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.ThisLibrary.class})
class ArchitectureTest {

    /** Without dl4j-margin, which has its own rules, and what tests share; their packages lie in this one's. */
    static final class ThisLibrary implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/dl4jaskew/margin/") && !location.contains("/dl4jaskew/testkit/");
        }
    }

    private static final String ROOT = "io.github.dl4jaskew";
    private static final String GRID = ROOT + ".grid..";
    private static final String ACTIVATION = ROOT + ".activation..";
    private static final String INTERVAL = ROOT + ".interval..";
    private static final String SCHEDULE = ROOT + ".schedule..";
    private static final String QUANTIZED = ROOT + ".quantized..";
    private static final String PACKED = ROOT + ".packed..";
    private static final String STORAGE = ROOT + ".storage..";
    private static final String UI = ROOT + ".ui..";
    private static final String EDGE = ROOT + ".edge..";

    private static final DescribedPredicate<JavaClass> PART_OF_A_CONFIGURATION = DescribedPredicate.describe(
            "part of a saved configuration",
            c -> c.isAssignableTo(IUpdater.class)
                    || c.isAssignableTo(Regularization.class)
                    || c.isAssignableTo(LayerConstraint.class)
                    || c.isAssignableTo(ISchedule.class)
                    || c.isAssignableTo(IWeightNoise.class)
                    || c.isAssignableTo(Serializable.class));

    @ArchTest
    static final ArchRule gridStandsAlone = ourPackagesUsedBy(GRID, GRID);

    @ArchTest
    static final ArchRule intervalUsesGrid = ourPackagesUsedBy(INTERVAL, INTERVAL, GRID);

    @ArchTest
    static final ArchRule scheduleUsesInterval = ourPackagesUsedBy(SCHEDULE, SCHEDULE, INTERVAL);

    @ArchTest
    static final ArchRule quantizedUsesGridIntervalPackedAndActivation =
            ourPackagesUsedBy(QUANTIZED, QUANTIZED, GRID, INTERVAL, PACKED, ACTIVATION);

    @ArchTest
    static final ArchRule activationUsesGridAndInterval = ourPackagesUsedBy(ACTIVATION, ACTIVATION, GRID, INTERVAL);

    @ArchTest
    static final ArchRule packedNeedsJavaAlone = needsJavaAnd(PACKED, PACKED);

    @ArchTest
    static final ArchRule edgeNeedsJavaAndPacked =
            needsJavaAnd(EDGE, EDGE, PACKED).allowEmptyShould(true);

    @ArchTest
    static final ArchRule nobodyNeedsStorageOrUserInterface = noClasses()
            .that()
            .resideOutsideOfPackages(STORAGE, UI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(STORAGE, UI, "org.deeplearning4j.core..", "org.deeplearning4j.ui..");

    @ArchTest
    static final ArchRule noCycles = slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule mathsKnowsNoNetwork = noClasses()
            .that()
            .resideInAnyPackage(GRID, INTERVAL, SCHEDULE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.deeplearning4j..");

    @ArchTest
    static final ArchRule mathsNeverLogs = noClasses()
            .that()
            .resideInAnyPackage(GRID, INTERVAL, SCHEDULE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..");

    @ArchTest
    static final ArchRule nothingThatIsSavedIsTransient = fields().that()
            .areDeclaredInClassesThat(PART_OF_A_CONFIGURATION)
            .should()
            .notHaveModifier(JavaModifier.TRANSIENT);

    @ArchTest
    static final ArchRule publicClassesAreFinal = LibraryRules.PUBLIC_CLASSES_ARE_FINAL;

    @ArchTest
    static final ArchRule publicFieldsAreConstants = LibraryRules.PUBLIC_FIELDS_ARE_CONSTANTS;

    private static ArchRule ourPackagesUsedBy(String name, String... allowed) {
        return classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(allowed)
                        .or(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage(ROOT + ".."))));
    }

    private static ArchRule needsJavaAnd(String name, String... ours) {
        return classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(ours)
                        .or(JavaClass.Predicates.resideInAnyPackage("java..", "org.jspecify.annotations..", "")));
    }
}
