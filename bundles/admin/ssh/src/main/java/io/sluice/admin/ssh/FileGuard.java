package io.sluice.admin.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether nobody but its owner can have put a file where it is, as OpenSSH's {@code StrictModes} asks: neither the file nor a directory above it, up to the data directory,
 * is writable by its group or by others, and each belongs to us or to root. Where the file system does not know of owners, everything is well.
 */
final class FileGuard {
    private static final String OWNER = "unix:uid";

    private final Path top;
    private final Path ours;

    /**
     * @param top where the way up ends; a file that lies elsewhere is followed to the root
     * @param ours a file that is surely ours: the host key, which nobody else can read
     */
    FileGuard(Path top, Path ours) {
        this.top = top;
        this.ours = ours;
    }

    /** What is wrong and what to do about it. */
    record Objection(String what, String fix) {}

    /** @return null when the file can be trusted */
    @Nullable
    Objection objectionTo(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("unix")) {
            return null;
        }
        int own = (Integer) Files.getAttribute(ours, OWNER);
        Path end = top.toRealPath();
        for (Path path = file.toRealPath(); path != null; path = path.getParent()) {
            Objection objection = objectionTo(path, own);
            if (objection != null || path.equals(end)) {
                return objection;
            }
        }
        return null;
    }

    private static @Nullable Objection objectionTo(Path path, int own) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            return new Objection(
                    path + " may be written by others than its owner (" + PosixFilePermissions.toString(mode) + ")",
                    "chmod go-w " + path);
        }
        int owner = (Integer) Files.getAttribute(path, OWNER);
        if (owner != own && owner != 0) {
            return new Objection(
                    path + " belongs to user " + owner + ", who runs no broker here", "chown " + own + " " + path);
        }
        return null;
    }

    /** @return null when nobody but the owner can read the file */
    static @Nullable Objection objectionToReaders(Path file) throws IOException {
        if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
            return null;
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        boolean secret = mode.stream().allMatch(permission -> permission.name().startsWith("OWNER_"));
        return secret
                ? null
                : new Objection(
                        file + " is open to others than its owner (" + PosixFilePermissions.toString(mode) + ")",
                        "chmod 600 " + file);
    }
}
