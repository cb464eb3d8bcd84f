package io.sluice.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The compiled classes of every bundle, and where each comes from. */
final class Bundles {
    /** The checkout's root; tests run in the module's folder. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.sluice");

    private static final String EXPORT = "org.osgi.annotation.bundle.Export";

    private Bundles() {}

    /** The module's folder below the root, such as {@code bundles/storage/api}. */
    static Path moduleOf(JavaClass type) {
        URI source = type.getSource().orElseThrow().getUri();
        String path = source.toString().replaceFirst("^(jar:)?file:", "").replaceFirst("/target/.*$", "");
        return ROOT.relativize(Path.of(path));
    }

    static boolean isExported(JavaClass type) {
        return type.getPackage().isAnnotatedWith(EXPORT);
    }

    /** Whether the class was written by the codec's generator: its source is not in the module's folder of sources. */
    static boolean isGenerated(JavaClass type) {
        String packagePath = type.getPackageName().replace('.', '/');
        return !Files.isDirectory(
                ROOT.resolve(moduleOf(type)).resolve("src/main/java").resolve(packagePath));
    }
}
