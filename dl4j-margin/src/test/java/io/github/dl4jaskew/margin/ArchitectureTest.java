package io.github.dl4jaskew.margin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.github.dl4jaskew.testkit.LibraryRules;

@AnalyzeClasses(packages = "io.github.dl4jaskew.margin", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.dl4jaskew.margin";

    @ArchTest
    static final ArchRule noCycles = LibraryRules.NO_CYCLES;

    @ArchTest
    static final ArchRule signaturesNameNothingInternal = LibraryRules.SIGNATURES_NAME_NOTHING_INTERNAL;

    @ArchTest
    static final ArchRule internalIsPublicForOtherPackages = LibraryRules.INTERNAL_IS_PUBLIC_FOR_OTHER_PACKAGES;

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
    static final ArchRule publicClassesAreFinal = LibraryRules.PUBLIC_CLASSES_ARE_FINAL;

    @ArchTest
    static final ArchRule publicFieldsAreConstants = LibraryRules.PUBLIC_FIELDS_ARE_CONSTANTS;
}
