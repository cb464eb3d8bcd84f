package io.sluice.storage.segment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which boot of the machine this is, where the system tells: by it the end of a process is known from the end of the machine. */
final class BootId {
    private static final Path SYSTEM = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;

    BootId(Path directory) {
        this.file = directory.resolve(LogFileNames.BOOT_ID);
    }

    /** Empty where the system does not tell. */
    static String current() {
        try {
            return Files.readString(SYSTEM).trim();
        } catch (IOException | SecurityException e) {
            return "";
        }
    }

    /** Whether the directory was last in use since the machine started. */
    boolean isSameBoot() throws IOException {
        List<String> lines = TextFile.readLines(file);
        String current = current();
        return !current.isEmpty() && !lines.isEmpty() && lines.get(0).equals(current);
    }

    void write() throws IOException {
        TextFile.replace(file, current() + "\n", false);
    }

    /** Until it is written again nothing is known. */
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
