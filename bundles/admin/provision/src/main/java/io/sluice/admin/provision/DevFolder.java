package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Follows the jar that a project's builds leave in {@code target/}: each one that is written to its end is installed, or put in the
 * place of the one before, by the same way as {@code plugin:update}. One that does not open is taken back. For one thread; what changes
 * bundles runs on the operations thread.
 */
final class DevFolder {
    private static final List<String> OTHER_JARS = List.of("-sources.jar", "-javadoc.jar", "-tests.jar");

    private final Operations operations;
    private final FrameworkBundles bundles;
    private final Provisioner provisioner;
    private final Path target;
    private final boolean cascade;
    private @Nullable Stamp seen;
    private @Nullable String handled;

    DevFolder(Operations operations, FrameworkBundles bundles, Provisioner provisioner, Path project, boolean cascade) {
        this.operations = operations;
        this.bundles = bundles;
        this.provisioner = provisioner;
        this.target = project.resolve("target");
        this.cascade = cascade;
    }

    /**
     * What came of one look.
     *
     * @param done whether what was built is what runs now
     */
    record Outcome(boolean done, String sentence) {}

    /** Looks once. Null when there is nothing new, or it is still being written: then look again a little later. */
    @Nullable
    Outcome look() throws Exception {
        Path jar = newest();
        Stamp now = jar == null ? null : Stamp.of(jar);
        boolean settled = now != null && now.equals(seen);
        seen = now;
        if (jar == null || !settled) {
            return null;
        }
        String digest = PluginJar.sha256(jar);
        if (digest.equals(handled)) {
            return null;
        }
        PluginJar built;
        try {
            built = PluginJar.read(jar);
        } catch (ProvisionException e) {
            handled = digest;
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
        handled = digest;
        try {
            return operations.call(() -> deploy(built));
        } catch (ProvisionException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    private Outcome deploy(PluginJar jar) throws ProvisionException {
        Bundle present = bundles.find(jar.name());
        PluginRecord record = provisioner.state().record(jar.name());
        String named = jar.name() + " " + jar.version();
        if (present == null) {
            String amiss = provisioner.install(jar, null);
            return new Outcome(amiss == null, "installed " + named + (amiss == null ? "" : "; but " + amiss));
        }
        if (record != null && record.sha256().equals(jar.sha256())) {
            return new Outcome(true, named + " is this very jar already");
        }
        if (record != null && record.drop() != null) {
            return new Outcome(false, jar.name() + " came by drop; delete deploy/" + record.drop());
        }
        Preview preview = provisioner.previewOf(jar);
        provisioner.update(jar, null, cascade);
        return new Outcome(
                true,
                "replaced " + jar.name() + " " + preview.from() + " by " + jar.version()
                        + (preview.restarts().isEmpty()
                                ? ""
                                : "; with it restarted " + String.join(", ", preview.restarts())));
    }

    private @Nullable Path newest() throws IOException {
        if (!Files.isDirectory(target)) {
            return null;
        }
        try (Stream<Path> children = Files.list(target)) {
            Optional<Path> newest = children.filter(DevFolder::isBundle)
                    .max(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .thenComparing(Path::getFileName));
            return newest.orElse(null);
        }
    }

    private static boolean isBundle(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".jar") && OTHER_JARS.stream().noneMatch(name::endsWith);
    }

    private record Stamp(Path file, long size, long modifiedMs) {
        static @Nullable Stamp of(Path file) throws IOException {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(
                        file, attributes.size(), attributes.lastModifiedTime().toMillis());
            } catch (java.nio.file.NoSuchFileException e) {
                return null; // a build has begun anew
            }
        }
    }
}
