package io.github.dl4jaskew;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.dl4jaskew.testkit.LibraryRules;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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

    /** Without dl4j-pages, which has its own rules, and what tests share; their packages lie in this one's. */
    static final class ThisLibrary implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return Stream.of("pages", "testkit", "edge")
                    .noneMatch(other -> location.contains("/dl4jaskew/" + other + "/"));
        }
    }

    private static final String ROOT = "io.github.dl4jaskew";
    /** Every package with those that it may use; each stands below the ones that use it. "" is the root. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            room("grid"),
            room("interval"),
            room("schedule", "interval"),
            room("packed"),
            room("internal.rule", "grid", "interval"),
            room("internal.network", "packed"),
            room("updater"),
            room("activation", "grid", "internal.rule"),
            room("export", "activation", "grid", "internal.network", "internal.rule", "packed"),
            room("quantized", "activation", "export", "grid", "internal.network", "internal.rule", "packed"),
            room("plan", "grid", "quantized"),
            room(
                    "internal.install",
                    "grid",
                    "internal.network",
                    "internal.rule",
                    "packed",
                    "plan",
                    "quantized",
                    "updater"),
            room(
                    "internal.askewsgd",
                    "grid",
                    "internal.install",
                    "internal.network",
                    "internal.rule",
                    "interval",
                    "plan",
                    "schedule"),
            room(
                    "internal.samediff",
                    "grid",
                    "internal.askewsgd",
                    "internal.install",
                    "internal.network",
                    "internal.rule",
                    "interval",
                    "packed",
                    "plan",
                    "quantized",
                    "updater"),
            room(
                    "",
                    "grid",
                    "internal.askewsgd",
                    "internal.install",
                    "internal.network",
                    "internal.samediff",
                    "interval",
                    "plan",
                    "quantized",
                    "schedule"),
            room(
                    "baseline",
                    "",
                    "grid",
                    "internal.install",
                    "internal.network",
                    "internal.rule",
                    "interval",
                    "plan",
                    "quantized"),
            room(
                    "listener",
                    "grid",
                    "internal.askewsgd",
                    "internal.install",
                    "internal.network",
                    "internal.rule",
                    "internal.samediff",
                    "interval",
                    "packed",
                    "plan",
                    "schedule"),
            room("checkpoint"),
            room("storage", "grid", "interval", "listener", "packed", "plan"),
            room("ui", "interval", "listener", "storage"));

    private static Map.Entry<String, Set<String>> room(String name, String... uses) {
        return Map.entry(name, Set.of(uses));
    }

    private static final DescribedPredicate<JavaClass> PART_OF_A_CONFIGURATION = DescribedPredicate.describe(
            "part of a saved configuration",
            c -> c.isAssignableTo(IUpdater.class)
                    || c.isAssignableTo(Regularization.class)
                    || c.isAssignableTo(LayerConstraint.class)
                    || c.isAssignableTo(ISchedule.class)
                    || c.isAssignableTo(IWeightNoise.class)
                    || c.isAssignableTo(Serializable.class));

    @ArchTest
    static void arrowsGoDown(JavaClasses library) {
        ROOMS.forEach((name, uses) -> {
            String[] allowed = Stream.concat(Stream.of(name), uses.stream())
                    .map(ArchitectureTest::packageOf)
                    .toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(packageOf(name))
                    .should()
                    .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(allowed)
                            .or(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(packages()))))
                    .check(library);
        });
    }

    @ArchTest
    static final ArchRule everyClassIsInARoom = classes().should().resideInAnyPackage(packages());

    private static String packageOf(String room) {
        return room.isEmpty() ? ROOT : ROOT + "." + room;
    }

    private static String[] packages() {
        return ROOMS.keySet().stream().map(ArchitectureTest::packageOf).toArray(String[]::new);
    }

    @ArchTest
    static final ArchRule signaturesNameNothingInternal = LibraryRules.SIGNATURES_NAME_NOTHING_INTERNAL;

    @ArchTest
    static final ArchRule internalIsPublicForOtherPackages = LibraryRules.INTERNAL_IS_PUBLIC_FOR_OTHER_PACKAGES;

    @ArchTest
    static final ArchRule nobodyNeedsStorageOrUserInterface = noClasses()
            .that()
            .resideOutsideOfPackages(packageOf("storage"), packageOf("ui"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    packageOf("storage"), packageOf("ui"), "org.deeplearning4j.core..", "org.deeplearning4j.ui..");

    @ArchTest
    static final ArchRule noCycles = LibraryRules.NO_CYCLES;

    @ArchTest
    static final ArchRule mathsKnowsNoNetwork = noClasses()
            .that()
            .resideInAnyPackage(
                    packageOf("grid"), packageOf("interval"), packageOf("schedule"), packageOf("internal.rule"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.deeplearning4j..");

    @ArchTest
    static final ArchRule mathsNeverLogs = noClasses()
            .that()
            .resideInAnyPackage(
                    packageOf("grid"), packageOf("interval"), packageOf("schedule"), packageOf("internal.rule"))
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
}
