package io.sluice.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.osgi.framework.BundleContext;

/** A bundle of one class, compiled here against the distribution's API bundles. */
final class CompiledBundle {
    private CompiledBundle() {}

    /**
     * @param activator the class's full name; it is the bundle's activator, its package the symbolic name
     * @param apis symbolic names of the bundles that it is compiled against
     */
    static Path of(String activator, String source, List<String> apis, List<String> imports, Path folder)
            throws IOException {
        String bundle = activator.substring(0, activator.lastIndexOf('.'));
        Path file = folder.resolve("src").resolve(activator.replace('.', '/') + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<Path> path = new ArrayList<>();
        for (String api : apis) {
            path.add(PluginJar.inDistribution(api));
        }
        path.add(Path.of(BundleContext.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int ended = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                path.stream().map(Path::toString).collect(Collectors.joining(":")),
                "-d",
                classes.toString(),
                file.toString());
        if (ended != 0) {
            throw new IOException("the compiler ended with " + ended);
        }
        Path jar = folder.resolve(bundle + "-1.0.0.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest(bundle, activator, imports));
                var compiled = Files.walk(classes)) {
            for (Path one : compiled.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(one).toString()));
                Files.copy(one, entries);
                entries.closeEntry();
            }
        }
        return jar;
    }

    private static Manifest manifest(String bundle, String activator, List<String> imports) {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", bundle);
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Bundle-Activator", activator);
        headers.putValue("Import-Package", String.join(",", imports));
        return manifest;
    }
}
