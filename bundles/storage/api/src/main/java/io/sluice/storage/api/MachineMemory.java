package io.sluice.storage.api;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory this process may use of the machine. On Linux it is read from two small files, which takes a fraction of the
 * time in which the JVM's management starts; elsewhere that is asked.
 */
final class MachineMemory {
    private static final Path MACHINE = Path.of("/proc/meminfo");
    /** What the control group allows (cgroup v2), within a container its own. */
    private static final Path GROUP = Path.of("/sys/fs/cgroup/memory.max");

    private static final long UNKNOWN = 1L << 30;

    private MachineMemory() {}

    static long bytes() {
        OptionalLong machine = machine(MACHINE);
        return machine.isPresent() ? Math.min(machine.getAsLong(), group(GROUP)) : asked();
    }

    private static long asked() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : UNKNOWN;
    }

    /** Empty when there is no such file, or none that can be understood. */
    static OptionalLong machine(Path file) {
        for (String line : lines(file)) {
            if (line.startsWith("MemTotal:") && line.endsWith(" kB")) {
                OptionalLong kibibytes = number(line.substring("MemTotal:".length(), line.length() - " kB".length())
                        .strip());
                return kibibytes.isPresent() ? OptionalLong.of(kibibytes.getAsLong() * 1024L) : kibibytes;
            }
        }
        return OptionalLong.empty();
    }

    /** The greatest number when there is no limit, which is written {@code max}. */
    static long group(Path file) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? Long.MAX_VALUE : number(lines.get(0).strip()).orElse(Long.MAX_VALUE);
    }

    private static OptionalLong number(String digits) {
        return digits.matches("[0-9]{1,15}") ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    /** No lines when the file cannot be read: not every system has it. */
    private static List<String> lines(Path file) {
        try {
            return Files.isReadable(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}
