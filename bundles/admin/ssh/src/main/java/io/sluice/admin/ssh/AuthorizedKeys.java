package io.sluice.admin.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that are let in: {@code ssh/authorized_keys}, in OpenSSH's format, read anew when it has changed. A line that cannot be used is named in the log, once, and the
 * others go on; a file that others may write is not used at all. Any thread; reads the disk.
 */
final class AuthorizedKeys {
    static final String FILE = "authorized_keys";

    private static final Logger LOG = LoggerFactory.getLogger(AuthorizedKeys.class);
    private static final long BYTES_MAX = 1L << 20;
    private static final String HOW = "put public keys into it, one a line, and let nobody else write it";

    private final Path file;
    private final FileGuard guard;
    private @Nullable Version read;
    private List<AuthorizedKey> keys = List.of();
    private List<Problem> ofLines = List.of();
    private List<Problem> said = List.of();

    AuthorizedKeys(Path directory, Path data) {
        this.file = directory.resolve(FILE);
        this.guard = new FileGuard(data, directory.resolve(HostKey.FILE));
    }

    /** Something in it, or about it, that keeps somebody out. */
    record Problem(String where, String what, String fix) {}

    /** What tells one state of the file from another. */
    private record Version(
            FileTime modified, long size, @Nullable Object id) {}

    /** @return the line that lets the key in, as the file is now; null when none does */
    synchronized @Nullable AuthorizedKey find(PublicKey key) {
        reload();
        for (AuthorizedKey authorized : keys) {
            if (KeyUtils.compareKeys(authorized.key(), key)) {
                return authorized;
            }
        }
        return null;
    }

    /** Reads the file if it has changed. @return what is wrong with it now */
    synchronized List<Problem> reload() {
        List<Problem> problems = look();
        if (!problems.equals(said)) {
            said = problems;
            problems.forEach(
                    problem -> LOG.warn("{}: {}; to set it right: {}", problem.where(), problem.what(), problem.fix()));
        }
        return problems;
    }

    private List<Problem> look() {
        try {
            FileGuard.Objection objection = guard.objectionTo(file);
            if (objection != null) {
                return nobody("no key in it is used: " + objection.what(), objection.fix());
            }
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Version version = new Version(now.lastModifiedTime(), now.size(), now.fileKey());
            if (!version.equals(read)) {
                if (now.size() > BYTES_MAX) {
                    return nobody("it has " + now.size() + " bytes, of which " + BYTES_MAX + " are read", "shorten it");
                }
                parse(Files.readAllBytes(file));
                read = version;
            }
            return ofLines;
        } catch (NoSuchFileException e) {
            return nobody("nobody is let in by ssh: the file is not there", HOW);
        } catch (IOException e) {
            return nobody("nobody is let in by ssh: it cannot be read: " + e, HOW);
        }
    }

    private List<Problem> nobody(String what, String fix) {
        read = null;
        keys = List.of();
        ofLines = List.of();
        return List.of(new Problem(file.toString(), what, fix));
    }

    private void parse(byte[] bytes) {
        List<AuthorizedKey> good = new ArrayList<>();
        List<Problem> bad = new ArrayList<>();
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                good.add(AuthorizedKey.parse(line));
            } catch (IllegalArgumentException e) {
                bad.add(new Problem(
                        file + ":" + (i + 1),
                        "this line lets nobody in: " + e.getMessage(),
                        "correct it, or take it out"));
            }
        }
        if (good.isEmpty() && bad.isEmpty()) {
            bad.add(new Problem(file.toString(), "nobody is let in by ssh: there is no key in it", HOW));
        }
        keys = List.copyOf(good);
        ofLines = List.copyOf(bad);
        LOG.info("{} keys are let in by {}", keys.size(), file);
    }
}
