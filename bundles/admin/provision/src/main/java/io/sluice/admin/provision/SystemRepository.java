package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The distribution's {@code system/}: bundles by symbolic name and by Maven coordinates. Reads manifests once, when first asked; one thread. */
final class SystemRepository {
    private final Path directory;
    private @Nullable Map<String, PluginJar> byName;

    SystemRepository(Path directory) {
        this.directory = directory;
    }

    /** The bundle of this symbolic name, the highest version of several. */
    @Nullable
    PluginJar find(String symbolicName) throws IOException {
        return index().get(symbolicName);
    }

    /**
     * The jar of {@code group:artifact:version} (or {@code group:artifact:type:version}), in Maven's folders or in one.
     *
     * @throws ProvisionException when it is not in the distribution
     */
    Path resolve(String coordinates) throws IOException, ProvisionException {
        String[] parts = coordinates.split(":");
        if (parts.length < 3) {
            throw new ProvisionException(coordinates + " is not group:artifact:version");
        }
        String artifact = parts[1];
        String version = parts[parts.length - 1];
        String fileName = artifact + "-" + version + ".jar";
        Path inFolders = directory
                .resolve(parts[0].replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(fileName);
        if (Files.exists(inFolders)) {
            return inFolders;
        }
        return jars().stream()
                .filter(jar -> jar.getFileName().toString().equals(fileName))
                .findFirst()
                .orElseThrow(
                        () -> new ProvisionException(coordinates + " is not in the distribution (" + directory + ")"));
    }

    private Map<String, PluginJar> index() throws IOException {
        Map<String, PluginJar> known = byName;
        if (known == null) {
            known = new HashMap<>();
            for (Path path : jars()) {
                try {
                    PluginJar jar = PluginJar.read(path);
                    known.merge(jar.name(), jar, (a, b) -> a.version().compareTo(b.version()) >= 0 ? a : b);
                } catch (ProvisionException e) {
                    continue; // a plain library: nothing that can be installed
                }
            }
            byName = known;
        }
        return known;
    }

    private List<Path> jars() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
