package com.evefan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "com.evefan", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule eventsKnowNothingOfTheRest = classes()
            .that()
            .resideInAPackage("com.evefan.event")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("com.evefan.event", "java..", "com.fasterxml.jackson..", "org.jspecify..");

    @ArchTest
    static final ArchRule theJournalInFilesKnowsEventsAndTheJournalOnly = classes()
            .that()
            .resideInAPackage("com.evefan.journal.local")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "com.evefan.event",
                    "com.evefan.journal",
                    "com.evefan.journal.local",
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule theJournalInKafkaKnowsEventsAndTheJournalOnly = classes()
            .that()
            .resideInAPackage("com.evefan.journal.kafka")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "com.evefan.event",
                    "com.evefan.journal",
                    "com.evefan.journal.kafka",
                    "java..",
                    "org.apache.kafka..",
                    "org.jspecify..",
                    "org.slf4j..");

    @ArchTest
    static final ArchRule onlyTheJournalInKafkaKnowsKafka = noClasses()
            .that()
            .resideOutsideOfPackage("com.evefan.journal.kafka")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule tablesAndColumnsKnowNoCamel = noClasses()
            .that()
            .resideInAPackage("com.evefan.warehouse")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.camel..");

    @ArchTest
    static final ArchRule destinationsDoNotKnowEachOther =
            slices().matching("com.evefan.destination.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule nobodyKnowsTheWiring = noClasses()
            .that()
            .resideOutsideOfPackage("com.evefan")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.evefan");

    @ArchTest
    static final ArchRule onlyTheConfigurationReadsTheEnvironment = noClasses()
            .that()
            .resideOutsideOfPackages("com.evefan", "com.evefan.configuration")
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("com.evefan.(*)..").should().beFreeOfCycles();
}
