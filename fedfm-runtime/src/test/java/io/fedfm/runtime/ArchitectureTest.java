package io.fedfm.runtime;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.fedfm.api.tensor.TensorOps;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may use whom, and which library belongs where. */
final class ArchitectureTest {
    private static final int WIDEST_INTERFACE = 4;

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.fedfm.api", "io.fedfm.runtime");

    /** A line for each package: itself, then all that it may use. */
    private static final String[] DIRECTION = {
        "graph",
        "foundation: graph",
        "anatomy: graph",
        "autodiff: graph",
        "objective: graph",
        "weave: graph anatomy autodiff objective",
        "program: graph anatomy autodiff objective weave",
        "deploy: graph anatomy autodiff objective weave program",
        "config",
        "data: config graph program",
        "train: config data program",
        "codec",
        "federation: config data train codec",
        "record: data federation",
        "plugin",
        "scaffold: plugin",
        "oracle: graph foundation anatomy autodiff objective weave program plugin",
        "setup: graph foundation anatomy objective weave program config data plugin",
        "peft: graph anatomy objective weave program config record setup",
        "export: deploy peft graph foundation anatomy objective weave program config data federation"
                + " record plugin setup",
        "run: graph foundation anatomy autodiff objective weave program config data train codec"
                + " federation record plugin setup peft export",
        "cli: deploy graph foundation anatomy objective program config data train federation record"
                + " plugin scaffold oracle setup peft export run",
    };

    @Test
    void packagesUseOnlyThoseToTheirLeft() {
        LayeredArchitecture rule =
                layeredArchitecture()
                        .consideringOnlyDependenciesInLayers()
                        .ensureAllClassesAreContainedInArchitecture();
        rule = rule.layer("api").definedBy("io.fedfm.api..");
        for (String line : DIRECTION) {
            String name = line.split(":")[0];
            rule = rule.layer(name).definedBy("io.fedfm.runtime." + name + "..");
        }
        for (String line : DIRECTION) {
            String[] parts = line.split(": ");
            String[] allowed =
                    Stream.concat(
                                    Stream.of("api"),
                                    Stream.of(parts).skip(1).flatMap(s -> Stream.of(s.split(" "))))
                            .toArray(String[]::new);
            rule = rule.whereLayer(parts[0]).mayOnlyAccessLayers(allowed);
        }
        check(rule.whereLayer("api").mayNotAccessAnyLayer());
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching("io.fedfm.(**)").should().beFreeOfCycles());
    }

    @Test
    void librariesStayInTheirPackages() {
        only("ai.onnxruntime..", "graph", "program");
        only("ai.onnx.proto..", "graph", "foundation");
        only("com.google.protobuf..", "graph", "foundation");
        only("com.google.inject..", "cli");
        only("picocli..", "cli");
        only("me.tongfei..", "cli");
        only("de.siegmar..", "data");
        only("ai.djl.huggingface..", "data");
        only("com.fasterxml.jackson.dataformat..", "config");
    }

    /** Memory that two libraries see is handled in one place; a step ends the life of both. */
    @Test
    void tensorLibrariesMeetInTheirBridgesOnly() {
        DescribedPredicate<JavaClass> arrow = resideInAPackage("org.apache.arrow..");
        DescribedPredicate<JavaClass> djl = resideInAPackage("ai.djl.ndarray..");
        DescribedPredicate<JavaClass> ort = resideInAPackage("ai.onnxruntime..");
        both(arrow, djl, "DjlTensors", "Step");
        both(arrow, ort, "OrtTensors");
        both(djl, ort);
    }

    @Test
    void runtimeKnowsNoPlugin() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("io.fedfm.plugin.."));
    }

    @Test
    void namesAreConceptsOfTheField() {
        check(
                noClasses()
                        .should()
                        .haveNameMatching(".*(Util|Helper|Manager)s?|.*Impl")
                        .andShould()
                        .resideInAnyPackage("..util..", "..common..", "..helper.."));
    }

    @Test
    void interfacesOfTheApiAreSmall() {
        List<String> wide =
                CLASSES.stream()
                        .filter(
                                c ->
                                        c.isInterface()
                                                && c.getPackageName().startsWith("io.fedfm.api"))
                        .filter(c -> !c.isEquivalentTo(TensorOps.class))
                        .filter(c -> abstractMethods(c) > WIDEST_INTERFACE)
                        .map(JavaClass::getName)
                        .toList();

        assertThat(wide).isEmpty();
        assertThat(abstractMethods(CLASSES.get(TensorOps.class))).isGreaterThan(WIDEST_INTERFACE);
    }

    private static long abstractMethods(JavaClass type) {
        return type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
                .count();
    }

    /** Classes that use both kinds are these and no others. */
    private static void both(
            DescribedPredicate<JavaClass> one,
            DescribedPredicate<JavaClass> other,
            String... bridges) {
        assertThat(CLASSES.stream().filter(c -> uses(c, one) && uses(c, other)))
                .extracting(JavaClass::getName)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(bridges).map("io.fedfm.runtime.program."::concat).toList());
    }

    private static boolean uses(JavaClass type, DescribedPredicate<JavaClass> library) {
        return type.getDirectDependenciesFromSelf().stream()
                .anyMatch(dependency -> library.test(dependency.getTargetClass()));
    }

    /** A library is used in these packages and nowhere else. */
    private static void only(String library, String... packages) {
        assertThat(
                        CLASSES.stream()
                                .filter(c -> uses(c, resideInAPackage(library)))
                                .map(JavaClass::getPackageName)
                                .distinct())
                .as(library)
                .containsOnly(
                        Stream.of(packages)
                                .map(name -> "io.fedfm.runtime." + name)
                                .toArray(String[]::new));
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
