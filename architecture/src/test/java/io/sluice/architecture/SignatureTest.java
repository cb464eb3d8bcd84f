package io.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What a bundle exports is what its {@code api.txt} says, so that nobody changes it unseen.
 *
 * <p>Plugins are compiled against it. Something added to what they implement ({@code @ConsumerType}), or taken away anywhere, breaks
 * them: then the package's major version rises too.
 */
class SignatureTest {
    private static final String FILE = "api.txt";
    private static final String UPDATE = "architecture/update-signatures";

    @TestFactory
    Stream<DynamicTest> shouldExportWhatTheSignatureFileSays() {
        return exported().entrySet().stream()
                .map(module -> DynamicTest.dynamicTest(
                        module.getKey().toString(), () -> check(module.getKey(), Signatures.of(module.getValue()))));
    }

    @Test
    void shouldHaveASignatureFileForBundlesThatExportOnly() throws IOException {
        try (Stream<Path> files = Files.walk(Bundles.ROOT.resolve("bundles"))) {
            List<Path> found = files.filter(file -> file.endsWith(FILE))
                    .map(file -> Bundles.ROOT.relativize(file.getParent()))
                    .sorted()
                    .toList();
            assertThat(found).containsExactlyElementsOf(exported().keySet());
        }
    }

    private static TreeMap<Path, List<JavaClass>> exported() {
        TreeMap<Path, List<JavaClass>> modules = new TreeMap<>();
        for (JavaClass type : Bundles.CLASSES) {
            if (Bundles.isExported(type)) {
                modules.computeIfAbsent(Bundles.moduleOf(type), module -> new ArrayList<>())
                        .add(type);
            }
        }
        return modules;
    }

    private static void check(Path module, String signature) throws IOException {
        Path file = Bundles.ROOT.resolve(module).resolve(FILE);
        if (Boolean.getBoolean("signatures.update")) {
            Files.writeString(file, signature);
            return;
        }
        Set<String> written = Files.exists(file) ? lines(Files.readString(file)) : Set.of();
        Set<String> compiled = lines(signature);
        assertThat(difference("- ", written, compiled) + difference("+ ", compiled, written))
                .as(
                        "%s exports something else than %s says. If that is meant, raise the package's version where it breaks plugins, run %s and commit the file.",
                        module, module.resolve(FILE), UPDATE)
                .isEmpty();
    }

    private static Set<String> lines(String text) {
        return new LinkedHashSet<>(text.lines().toList());
    }

    private static String difference(String mark, Set<String> of, Set<String> without) {
        StringBuilder text = new StringBuilder();
        of.stream()
                .filter(line -> !without.contains(line))
                .forEach(line -> text.append('\n').append(mark).append(line.strip()));
        return text.toString();
    }
}
