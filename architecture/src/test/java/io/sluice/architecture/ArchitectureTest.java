package io.sluice.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house rules that a compiler does not know. An exception has its reason beside it. */
class ArchitectureTest {
    private static final String OURS = "io.sluice.";

    private static final String[] ANNOTATIONS = {
        "org.osgi.annotation..",
        "org.osgi.service.component.annotations",
        "org.osgi.service.component.propertytypes",
        "org.osgi.service.metatype.annotations"
    };

    private static final String NEW = JavaConstructor.CONSTRUCTOR_NAME;
    private static final Set<String> NOW = Set.of("now");

    private static final Map<String, Set<String>> RAW = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("nanoTime", "currentTimeMillis")),
            Map.entry("java.lang.Thread", Set.of(NEW, "sleep", "start")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.Random", Set.of(NEW)),
            Map.entry("java.util.SplittableRandom", Set.of(NEW)),
            Map.entry("java.security.SecureRandom", Set.of(NEW)),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.Timer", Set.of(NEW)),
            Map.entry("java.util.concurrent.ThreadPoolExecutor", Set.of(NEW)),
            Map.entry("java.util.concurrent.ScheduledThreadPoolExecutor", Set.of(NEW)),
            Map.entry("java.util.concurrent.ForkJoinPool", Set.of(NEW, "commonPool")),
            Map.entry(
                    "java.util.concurrent.Executors",
                    Set.of(
                            "newSingleThreadExecutor",
                            "newFixedThreadPool",
                            "newCachedThreadPool",
                            "newScheduledThreadPool",
                            "newSingleThreadScheduledExecutor",
                            "defaultThreadFactory")),
            Map.entry("java.time.Instant", NOW),
            Map.entry("java.time.LocalDateTime", NOW),
            Map.entry("java.time.ZonedDateTime", NOW),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")));

    @Test
    void shouldSeeEveryBundle() throws IOException {
        String modules = Files.readString(Bundles.ROOT.resolve("bundles/pom.xml"));
        Set<String> wanted = Pattern.compile("<module>(.*?)</module>")
                .matcher(modules)
                .results()
                .map(found -> "bundles/" + found.group(1))
                .filter(module -> !module.endsWith("/kit") && !module.endsWith("/generator"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> seen = new TreeSet<>();
        Bundles.CLASSES.forEach(type -> seen.add(Bundles.moduleOf(type).toString()));
        assertThat(seen)
                .as("add what is missing to the dependencies of architecture/pom.xml")
                .containsAll(wanted);
    }

    @Test
    void shouldReachOtherBundlesByTheirExportedPackagesOnly() {
        ArchRuleDefinition.classes()
                .should(new ArchCondition<>("depend on their own bundle and on exported packages only") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        Path module = Bundles.moduleOf(type);
                        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                            JavaClass target = dependency.getTargetClass().getBaseComponentType();
                            if (target.getName().startsWith(OURS)
                                    && !Bundles.isExported(target)
                                    && !Bundles.moduleOf(target).equals(module)) {
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                            }
                        }
                    }
                })
                .check(Bundles.CLASSES);
    }

    @Test
    void shouldExportNothingFromProviders() {
        Set<String> exporting = new TreeSet<>();
        for (JavaClass type : Bundles.CLASSES) {
            if (Bundles.isExported(type)) {
                exporting.add(Bundles.moduleOf(type).toString());
            }
        }
        exporting.removeIf(module -> module.endsWith("/api"));
        assertThat(exporting)
                .containsExactlyInAnyOrder("bundles/base", "bundles/protocol", "bundles/coordinator/runtime");
    }

    @Test
    void shouldKeepOsgiAtTheEdge() {
        noClasses()
                .that(areNotAmong(Edge.OF_THE_CONTAINER.keySet()))
                .should()
                .dependOnClassesThat(resideInAPackage("org.osgi..").and(not(resideInAnyPackage(ANNOTATIONS))))
                .check(Bundles.CLASSES);
    }

    @Test
    void shouldTakeTimeThreadsAndChanceFromTheSeams() {
        noClasses()
                .that(areNotAmong(Edge.OF_THE_MACHINE.keySet()))
                .should()
                .accessTargetWhere(describe("is a clock, a thread or chance of the JDK", ArchitectureTest::isRaw))
                .check(Bundles.CLASSES);
    }

    @Test
    void shouldNotKeepExceptionsThatNobodyNeeds() {
        Set<String> needless = new TreeSet<>(Edge.OF_THE_CONTAINER.keySet());
        needless.addAll(Edge.OF_THE_MACHINE.keySet());
        for (JavaClass type : Bundles.CLASSES) {
            if (type.getAccessesFromSelf().stream().anyMatch(ArchitectureTest::isRaw)) {
                needless.remove(outermost(type));
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                if (dependency.getTargetClass().getName().startsWith("org.osgi.framework.")
                        || dependency.getTargetClass().getName().startsWith("org.osgi.service.cm.")) {
                    needless.remove(outermost(type));
                    needless.remove(type.getPackageName() + ".");
                }
            }
        }
        assertThat(needless).isEmpty();
    }

    private static boolean isRaw(JavaAccess<?> access) {
        if (!(access instanceof JavaCodeUnitAccess<?>)) {
            return false;
        }
        AccessTarget target = access.getTarget();
        return RAW.getOrDefault(target.getOwner().getName(), Set.of()).contains(target.getName());
    }

    @Test
    void shouldNotNamePackagesAfterNothing() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..helper..", "..misc..")
                .check(Bundles.CLASSES);
    }

    @Test
    void shouldNotNameClassesAfterNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl)(\\$.*)?")
                .check(Bundles.CLASSES);
    }

    @Test
    void shouldBeFinalOrExtended() {
        Set<String> open = new TreeSet<>();
        for (JavaClass type : Bundles.CLASSES) {
            boolean isClosed = type.getModifiers().contains(JavaModifier.FINAL)
                    || type.getModifiers().contains(JavaModifier.ABSTRACT)
                    || type.isInterface()
                    || type.isEnum()
                    || type.isAnonymousClass();
            if (!isClosed && type.getSubclasses().isEmpty()) {
                open.add(type.getName());
            }
        }
        assertThat(open).as("classes that are neither final nor extended").isEmpty();
    }

    @Test
    void shouldSayWhatMayBeNull() {
        Set<String> silent = new TreeSet<>();
        for (JavaClass type : Bundles.CLASSES) {
            if (!type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                silent.add(type.getPackageName());
            }
        }
        assertThat(silent).as("packages without @NullMarked").isEmpty();
    }

    private static DescribedPredicate<JavaClass> areNotAmong(Set<String> names) {
        return describe(
                "are not among the exceptions",
                type -> !names.contains(outermost(type)) && !names.contains(type.getPackageName() + "."));
    }

    private static String outermost(JavaClass type) {
        String name = type.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
