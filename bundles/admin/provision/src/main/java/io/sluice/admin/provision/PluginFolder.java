package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** {@code plugins/}: the jars that were installed, each under a name that tells what it is. For one thread. */
final class PluginFolder {
    private static final int DIGEST_CHARS = 12;

    private final Path directory;

    PluginFolder(Path directory) {
        this.directory = directory;
    }

    Path path(String jar) {
        return directory.resolve(jar);
    }

    /** Copies a jar in, durably; a jar that is there already is not copied again. */
    String keep(PluginJar jar) throws IOException {
        String kept = jar.name() + "-" + jar.version() + "-" + jar.sha256().substring(0, DIGEST_CHARS) + ".jar";
        Path target = directory.resolve(kept);
        if (!Files.exists(target) || !PluginJar.sha256(target).equals(jar.sha256())) {
            Files.createDirectories(directory);
            Path part = directory.resolve(kept + ".part");
            Files.copy(jar.path(), part, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return kept;
    }

    /** Deletes jars that the state does not name any more. */
    void sweep(PluginState state) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        Set<String> named = new HashSet<>();
        for (PluginRecord record : state.records().values()) {
            named.add(String.valueOf(record.jar()));
            named.add(String.valueOf(record.previousJar()));
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.{jar,part}")) {
            for (Path file : files) {
                if (!named.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }
}
