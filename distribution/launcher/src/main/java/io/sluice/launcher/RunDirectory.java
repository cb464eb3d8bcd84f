package io.sluice.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Where the command socket of a data directory lies: a path of a socket may be no longer than some hundred characters, so it
 * is in a short directory that only its owner can enter.
 */
final class RunDirectory {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private RunDirectory() {}

    static Path socket(Path data) {
        CRC32 hash = new CRC32();
        hash.update(data.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return directory().resolve(Long.toHexString(hash.getValue()) + ".sock");
    }

    private static Path directory() {
        try {
            Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            String runtime = System.getenv("XDG_RUNTIME_DIR");
            Path parent = runtime != null && Files.isDirectory(Path.of(runtime)) ? Path.of(runtime) : Path.of("/tmp");
            Path directory = parent.resolve("sluice-" + uid);
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
            if (!Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                    .equals(uid)) {
                throw new IOException(directory + " belongs to somebody else");
            }
            if (!Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(directory, OWNER_ONLY);
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("there is no place for the command socket", e);
        }
    }
}
