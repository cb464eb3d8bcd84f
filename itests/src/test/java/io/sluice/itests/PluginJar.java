package io.sluice.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Makes a jar of a new version out of a bundle of the distribution; the version is the marker that the broker shows. */
final class PluginJar {
    private PluginJar() {}

    /** The one jar in {@code system/} with this bundle. */
    static Path inDistribution(String symbolicName) throws IOException {
        try (var files = Files.walk(BrokerProcess.home().resolve("system"))) {
            for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    Manifest manifest = file.getManifest();
                    if (manifest != null
                            && symbolicName.equals(manifest.getMainAttributes().getValue("Bundle-SymbolicName"))) {
                        return jar;
                    }
                }
            }
        }
        throw new IOException("no bundle " + symbolicName + " in the distribution");
    }

    static Path withVersion(Path original, String version, Path into) throws IOException {
        Path target = into.resolve(
                original.getFileName().toString().replaceAll("-[0-9][^-]*\\.jar$", "") + "-" + version + ".jar");
        try (JarFile in = new JarFile(original.toFile());
                OutputStream file = Files.newOutputStream(target)) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (JarOutputStream out = new JarOutputStream(file, manifest)) {
                Enumeration<JarEntry> entries = in.entries();
                while (entries.hasMoreElements()) {
                    JarEntry entry = entries.nextElement();
                    if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        continue;
                    }
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream bytes = in.getInputStream(entry)) {
                        bytes.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
        return target;
    }
}
