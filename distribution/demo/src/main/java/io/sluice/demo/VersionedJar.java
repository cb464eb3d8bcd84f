package io.sluice.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Packs a bundle of the distribution again under another version, as a plugin's author would release it. */
final class VersionedJar {
    private VersionedJar() {}

    /** Writes {@code NAME-VERSION.jar} into a folder. */
    static Path of(Path system, String symbolicName, String version, Path folder) throws IOException {
        Path original = find(system, symbolicName);
        Path target = folder.resolve(symbolicName + "-" + version + ".jar");
        try (JarFile in = new JarFile(original.toFile())) {
            Manifest manifest = new Manifest(in.getManifest());
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                for (JarEntry entry : in.stream().toList()) {
                    if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        try (InputStream bytes = in.getInputStream(entry)) {
                            bytes.transferTo(out);
                        }
                        out.closeEntry();
                    }
                }
            }
        }
        return target;
    }

    private static Path find(Path system, String symbolicName) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(system)) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                if (manifest != null
                        && symbolicName.equals(manifest.getMainAttributes().getValue("Bundle-SymbolicName"))) {
                    return jar;
                }
            }
        }
        throw new IOException("the distribution has no bundle " + symbolicName);
    }
}
