package io.sluice.admin.provision;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the jar that an argument means: a file, a {@code file:} URL, Maven coordinates or a symbolic name of the distribution's. */
final class JarSource {
    private final SystemRepository system;

    JarSource(SystemRepository system) {
        this.system = system;
    }

    PluginJar find(String given, Path workingDirectory) throws ProvisionException, IOException {
        if (given.startsWith("file:")) {
            return PluginJar.read(Path.of(URI.create(given).getPath()));
        }
        if (given.matches("[a-z]+://.*")) {
            throw new ProvisionException("only file: URLs are read; download it first");
        }
        Path file = workingDirectory.resolve(given);
        if (Files.isRegularFile(file)) {
            return PluginJar.read(file);
        }
        if (given.split(":").length >= 3) {
            return PluginJar.read(system.resolve(given));
        }
        PluginJar original = system.find(given);
        if (original == null) {
            throw new ProvisionException(
                    "there is no file " + file.normalize() + ", and the distribution has no bundle " + given);
        }
        return original;
    }
}
