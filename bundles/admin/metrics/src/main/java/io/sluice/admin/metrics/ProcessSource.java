package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.MetricSink;
import io.sluice.broker.api.metrics.MetricSource;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The process and its virtual machine. The classes that measure it are loaded when somebody asks first. */
final class ProcessSource implements MetricSource {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final String version;
    private final BooleanSupplier ready;

    ProcessSource(String version, BooleanSupplier ready) {
        this.version = version;
        this.ready = ready;
    }

    @Override
    public void collect(MetricSink sink) {
        sink.gauge(
                "sluice_build_info",
                "1, with the versions of the broker and the virtual machine.",
                1,
                "version",
                version,
                "java_version",
                System.getProperty("java.version", ""));
        sink.gauge("sluice_ready", "1 when the broker serves clients.", ready.getAsBoolean() ? 1 : 0);
        sink.gauge(
                "process_start_time_seconds",
                "When the process began, in seconds since 1970.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        heap(sink);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            sink.counter(
                    "jvm_gc_collections_total",
                    "Collections of garbage.",
                    Math.max(0L, collector.getCollectionCount()),
                    "gc",
                    collector.getName());
            sink.counter(
                    "jvm_gc_collection_seconds_total",
                    "Time spent in collections of garbage.",
                    Math.max(0L, collector.getCollectionTime()) / 1e3,
                    "gc",
                    collector.getName());
        }
        sink.gauge(
                "jvm_threads_current",
                "Threads that live.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        sink.gauge(
                "jvm_classes_loaded",
                "Classes that are loaded.",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        operatingSystem(sink);
    }

    private static void heap(MetricSink sink) {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
        String used = "Memory in use.";
        sink.gauge("jvm_memory_used_bytes", used, heap.getUsed(), "area", "heap");
        sink.gauge("jvm_memory_used_bytes", used, other.getUsed(), "area", "nonheap");
        String committed = "Memory that was taken from the system.";
        sink.gauge("jvm_memory_committed_bytes", committed, heap.getCommitted(), "area", "heap");
        sink.gauge("jvm_memory_committed_bytes", committed, other.getCommitted(), "area", "nonheap");
        sink.gauge("jvm_memory_max_bytes", "The most memory that may be taken.", heap.getMax(), "area", "heap");
    }

    private static void operatingSystem(MetricSink sink) {
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.UnixOperatingSystemMXBean system) {
            sink.counter(
                    "process_cpu_seconds_total",
                    "Time of processors that was used.",
                    Math.max(0L, system.getProcessCpuTime()) / 1e9);
            sink.gauge("process_open_fds", "File descriptors that are open.", system.getOpenFileDescriptorCount());
            sink.gauge("process_max_fds", "File descriptors that may be open.", system.getMaxFileDescriptorCount());
        }
        long resident = residentBytes();
        if (resident >= 0L) {
            sink.gauge("process_resident_memory_bytes", "Memory of the machine that the process holds.", resident);
        }
    }

    /** -1 where the system does not say. */
    private static long residentBytes() {
        if (!Files.isReadable(STATUS)) {
            return -1L;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024L;
                }
            }
            return -1L;
        } catch (IOException e) {
            return -1L; // one number less
        }
    }
}
