package io.github.dl4jaskew.pages;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.github.dl4jaskew.pages", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.dl4jaskew.pages";

    /** What pages share knows neither library. */
    @ArchTest
    static final ArchRule neitherLibraryIsKnown = classes()
            .should()
            .onlyDependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + "..")
                    .or(DescribedPredicate.not(JavaClass.Predicates.resideInAPackage("io.github.dl4jaskew.."))));

    /** A report is written without a server. */
    @ArchTest
    static final ArchRule theServerAlone = noClasses()
            .that()
            .doNotBelongToAnyOf(PageModule.class, UiServer.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.deeplearning4j.ui.api..", "io.vertx..");
}
