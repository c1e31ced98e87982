package io.github.dl4jaskew.margin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.dl4jaskew.testkit.LibraryRules;

@AnalyzeClasses(packages = "io.github.dl4jaskew.margin", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.dl4jaskew.margin";

    /** Each package is a slice, the root among them. */
    private static final SliceAssignment BY_PACKAGE = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    private static final DescribedPredicate<JavaClass> INTERNAL =
            JavaClass.Predicates.resideInAPackage(ROOT + ".internal..");

    @ArchTest
    static final ArchRule noCycles = slices().assignedFrom(BY_PACKAGE).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule usersNeverMeetWhatIsInternal = codeUnits()
            .that()
            .arePublic()
            .or()
            .areProtected()
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and()
            .areDeclaredInClassesThat(DescribedPredicate.not(INTERNAL))
            .should()
            .notHaveRawReturnType(INTERNAL)
            .andShould(notHaveParametersThat(INTERNAL));

    @ArchTest
    static final ArchRule internalClassesArePublicOnlyForOtherPackages = classes()
            .that(INTERNAL)
            .and()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .should(beUsedByAnotherPackage());

    private static ArchCondition<JavaCodeUnit> notHaveParametersThat(DescribedPredicate<JavaClass> predicate) {
        return new ArchCondition<>("not have parameters that are internal") {
            @Override
            public void check(JavaCodeUnit unit, ConditionEvents events) {
                unit.getRawParameterTypes().stream()
                        .filter(predicate)
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(unit, unit.getFullName() + " takes " + type.getName())));
            }
        };
    }

    private static ArchCondition<JavaClass> beUsedByAnotherPackage() {
        return new ArchCondition<>("be used by another package") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean used = type.getDirectDependenciesToSelf().stream()
                        .anyMatch(d -> !d.getOriginClass().getPackageName().equals(type.getPackageName()));
                events.add(new SimpleConditionEvent(type, used, type.getName() + " is public for its own package"));
            }
        };
    }

    @ArchTest
    static final ArchRule mathsKnowsNoNetworkAndNeverLogs = noClasses()
            .that()
            .resideInAPackage(ROOT + ".metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.slf4j..");

    /** Both are optional dependencies: the rest must load without them. */
    @ArchTest
    static final ArchRule chartsAlone = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".chart..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.knowm..", ROOT + ".chart..");

    @ArchTest
    static final ArchRule storageAlone = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".storage..", ROOT + ".ui..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j.core.storage..", ROOT + ".storage..");

    @ArchTest
    static final ArchRule userInterfaceAlone = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".ui..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j.ui..", "io.vertx..", ROOT + ".ui..");

    @ArchTest
    static final ArchRule noDependenceOnTheQuantizationLibrary = classes()
            .should()
            .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(ROOT + "..", "io.github.dl4jaskew.pages..")
                    .or(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.github.dl4jaskew.."))));

    @ArchTest
    static final ArchRule publicClassesAreFinal = classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .resideOutsideOfPackage(ROOT + ".internal..")
            .should()
            .haveModifier(JavaModifier.FINAL)
            .because("nothing here is made to be extended");

    @ArchTest
    static final ArchRule publicFieldsAreConstants = LibraryRules.PUBLIC_FIELDS_ARE_CONSTANTS;
}
