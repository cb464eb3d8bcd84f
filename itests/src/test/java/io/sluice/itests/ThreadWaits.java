package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Looks a few hundred times a second which threads of a process the system keeps waiting for a disk (state D). */
final class ThreadWaits implements AutoCloseable {
    private static final String IO_THREADS = "sluice-mina";
    private static final long PAUSE_NANOS = 300_000L;
    private static final int LOOKS_BETWEEN_LISTS = 100;

    private final Path tasks;
    private final AtomicLong ofIoThreads = new AtomicLong();
    private final AtomicLong ofOthers = new AtomicLong();
    private final Thread thread;
    private volatile boolean stopping;

    private record Watched(Path stat, boolean serves) {}

    private ThreadWaits(long pid) {
        this.tasks = Path.of("/proc", Long.toString(pid), "task");
        this.thread = new Thread(this::look, "thread-waits");
    }

    static ThreadWaits watch(long pid) {
        ThreadWaits waits = new ThreadWaits(pid);
        waits.thread.start();
        return waits;
    }

    private void look() {
        List<Watched> watched = List.of();
        for (int i = 0; !stopping; i++) {
            if (i % LOOKS_BETWEEN_LISTS == 0) {
                watched = list();
            }
            for (Watched one : watched) {
                if (isWaiting(one)) {
                    (one.serves() ? ofIoThreads : ofOthers).incrementAndGet();
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The threads that have to do with requests; the virtual machine's own are left out. */
    private List<Watched> list() {
        List<Watched> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(tasks)) {
            for (Path task : all.toList()) {
                String name = Files.readString(task.resolve("comm")).trim();
                if (name.startsWith("sluice-")) {
                    found.add(new Watched(task.resolve("stat"), name.startsWith(IO_THREADS)));
                }
            }
        } catch (IOException e) {
            return found; // a thread, or the process, has ended meanwhile
        }
        return found;
    }

    private static boolean isWaiting(Watched one) {
        try {
            String stat = Files.readString(one.stat());
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'D';
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    /** Moments in which a thread that reads from and writes to connections waited for a disk. */
    long ofIoThreads() {
        return ofIoThreads.get();
    }

    /** Moments in which any thread of the broker's did. */
    long all() {
        return ofIoThreads.get() + ofOthers.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(5_000L);
    }
}
