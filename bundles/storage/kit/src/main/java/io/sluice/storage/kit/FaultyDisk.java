package io.sluice.storage.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory on a disk that can fail. Whoever works in {@link #root()} through {@code java.nio.file} works in the real directory beneath,
 * while the disk remembers what no fsync has covered: the bytes of files, and the names that were given to them. {@link #crash} takes
 * that back as a crash of the machine does, whole or torn in sectors. Deletions and directories count as safe at once, as on a file
 * system that journals its metadata.
 */
public final class FaultyDisk {
    private static final int SECTOR_BYTES = 512;

    private final Path real;
    private final FaultyFileSystem files = new FaultyFileSystem(this);
    private final Map<Path, Remembered> remembered = new HashMap<>();
    private int generation;

    /** By how many bytes files can still grow before writes fail as on a full disk. */
    private long bytesLeft = Long.MAX_VALUE;

    /** How many bytes can still be written, wherever to. */
    private long endsAfter = Long.MAX_VALUE;

    private long used;
    private long mostUsed;

    private @Nullable String writeFailure;
    private @Nullable String forceFailure;
    private Runnable beforeForce = () -> {};
    private int forces;

    /** @param real an empty directory of the real file system */
    public FaultyDisk(Path real) {
        this.real = real;
    }

    /** The directory to work in. */
    public Path root() {
        return files.wrap(real);
    }

    /** A file or folder beneath {@link #root()}, given by its real name. */
    public Path at(Path path) {
        return files.wrap(path);
    }

    /**
     * From now on files can grow by so many bytes only (ENOSPC after that); what is deleted or cut makes room for as many. What lies
     * within a file has its room.
     */
    public synchronized void leave(long bytes) {
        bytesLeft = bytes;
    }

    /** From now on so many bytes can be written, over others or not, and then no more. */
    public synchronized void endAfter(long bytes) {
        endsAfter = bytes;
    }

    /** There is room for anything again, and no end. */
    public synchronized void empty() {
        bytesLeft = Long.MAX_VALUE;
        endsAfter = Long.MAX_VALUE;
    }

    /** By how many bytes all files together have grown since this was made, at most. */
    public synchronized long mostUsed() {
        return mostUsed;
    }

    /** From now on every write fails, with this message; null ends that. */
    public synchronized void failWrites(@Nullable String message) {
        writeFailure = message;
    }

    /** From now on every fsync fails, with this message; null ends that. What was not synced then never is. */
    public synchronized void failForces(@Nullable String message) {
        forceFailure = message;
    }

    /** Runs before each fsync, on its thread: for delays and for what is to happen meanwhile. */
    public void beforeForce(Runnable task) {
        beforeForce = task;
    }

    /** How many fsyncs were done. */
    public synchronized int forces() {
        return forces;
    }

    /** What is known of a file since it was last safe. */
    static final class Remembered {
        private final List<Change> changes = new ArrayList<>();
        private byte[] safe = new byte[0];
        private boolean nameIsSafe;
        private @Nullable Path safeName;
        private byte @Nullable [] replaced;

        /** Where it is now, under whatever name it was opened. */
        private Path path;

        private Remembered(Path path) {
            this.path = path;
        }
    }

    /** A write, or a cut if there are no bytes. */
    private record Change(long at, byte @Nullable [] bytes) {}

    FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
        synchronized (this) {
            boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
            boolean existed = Files.exists(file);
            byte[] before = writes && existed && !remembered.containsKey(file) ? Files.readAllBytes(file) : null;
            FileChannel channel = FileChannel.open(file, options);
            Remembered known = null;
            if (writes) {
                known = remembered.get(file);
                if (known == null) {
                    known = new Remembered(file);
                    known.nameIsSafe = existed;
                    known.safe = before == null ? new byte[0] : before;
                    remembered.put(file, known);
                }
                if (options.contains(StandardOpenOption.TRUNCATE_EXISTING) && existed) {
                    known.changes.add(new Change(0L, null));
                }
            }
            return new FaultyChannel(
                    this, known, file, channel, generation, options.contains(StandardOpenOption.APPEND));
        }
    }

    synchronized int write(@Nullable Remembered file, int opened, FileChannel channel, ByteBuffer source, long at)
            throws IOException {
        check(opened);
        if (writeFailure != null) {
            throw new IOException(writeFailure);
        }
        int within = (int) Math.max(0L, Math.min(source.remaining(), channel.size() - at));
        long possible = Math.min(within + Math.min(bytesLeft, source.remaining()), endsAfter);
        if (possible == 0L && source.hasRemaining()) {
            throw new IOException("No space left on device");
        }
        ByteBuffer part = source.duplicate();
        part.limit(part.position() + (int) Math.min(part.remaining(), possible));
        byte[] bytes = new byte[part.remaining()];
        part.duplicate().get(bytes);
        while (part.hasRemaining()) {
            channel.write(part, at + bytes.length - part.remaining());
        }
        source.position(part.position());
        int growth = Math.max(0, bytes.length - within);
        addRoom(-growth);
        endsAfter -= endsAfter == Long.MAX_VALUE ? 0L : bytes.length;
        change(file, new Change(at, bytes));
        return bytes.length;
    }

    synchronized void truncate(@Nullable Remembered file, int opened, FileChannel channel, long size)
            throws IOException {
        check(opened);
        if (size < channel.size()) {
            addRoom(channel.size() - size);
            channel.truncate(size);
            change(file, new Change(size, null));
        }
    }

    private static void change(@Nullable Remembered file, Change change) {
        if (file != null) {
            file.changes.add(change);
        }
    }

    /** @param now the folder, or the name under which the file was opened */
    void force(@Nullable Remembered known, Path now, int opened) throws IOException {
        beforeForce.run();
        synchronized (this) {
            check(opened);
            forces++;
            if (forceFailure != null) {
                throw new IOException(forceFailure);
            }
            if (known == null && Files.isDirectory(now)) {
                for (Map.Entry<Path, Remembered> entry : remembered.entrySet()) {
                    if (now.equals(entry.getKey().getParent())) {
                        entry.getValue().nameIsSafe = true;
                        entry.getValue().replaced = null;
                        entry.getValue().safeName = null;
                    }
                }
            } else if (known != null) {
                if (remembered.get(known.path) == known) {
                    known.safe = Files.readAllBytes(known.path);
                }
                known.changes.clear();
            }
        }
    }

    synchronized void move(Path from, Path to, CopyOption... options) throws IOException {
        Remembered moved = remembered.remove(from);
        if (moved == null && Files.isRegularFile(from)) {
            moved = new Remembered(from);
            moved.safe = Files.readAllBytes(from);
            moved.nameIsSafe = true;
        }
        Remembered target = remembered.remove(to);
        byte[] replaced = target != null ? target.safe : Files.isRegularFile(to) ? Files.readAllBytes(to) : null;
        boolean folder = Files.isDirectory(from);
        addRoom(replaced == null ? 0L : replaced.length);
        Files.move(from, to, options);
        if (folder) {
            moveFolder(from, to);
        } else if (moved != null) {
            moved.safeName = moved.nameIsSafe ? from : moved.safeName;
            moved.nameIsSafe = false;
            moved.replaced = replaced;
            moved.path = to;
            remembered.put(to, moved);
        }
    }

    private void moveFolder(Path from, Path to) {
        Map<Path, Remembered> moved = new HashMap<>();
        remembered.entrySet().removeIf(entry -> {
            boolean inside = entry.getKey().startsWith(from);
            if (inside) {
                Path now = to.resolve(from.relativize(entry.getKey()));
                entry.getValue().path = now;
                moved.put(now, entry.getValue());
            }
            return inside;
        });
        remembered.putAll(moved);
    }

    private void addRoom(long bytes) {
        used -= bytes;
        mostUsed = Math.max(mostUsed, used);
        bytesLeft = bytesLeft == Long.MAX_VALUE ? bytesLeft : bytesLeft + bytes;
    }

    synchronized void delete(Path file) throws IOException {
        long bytes = Files.isRegularFile(file) ? Files.size(file) : 0L;
        Files.delete(file);
        addRoom(bytes);
        remembered.remove(file);
    }

    private void check(int opened) throws IOException {
        if (opened != generation) {
            throw new IOException("this file was opened before the crash");
        }
    }

    /**
     * The machine goes down: what no fsync has covered is gone, or, if it is torn, some of its sectors are and some names that were not
     * safe. Files that are open can no longer be used. The next holder finds what is left.
     */
    public synchronized void crash(Random random, boolean torn) {
        try {
            for (Map.Entry<Path, Remembered> entry :
                    new TreeMap<>(remembered).entrySet()) { // by name: a seed decides all
                Path file = entry.getKey();
                Remembered known = entry.getValue();
                byte[] left = torn ? tear(known, random) : known.safe;
                if (known.nameIsSafe || (torn && random.nextBoolean())) {
                    Files.write(file, left);
                } else if (known.replaced != null) {
                    Files.write(file, known.replaced);
                } else {
                    Files.deleteIfExists(file);
                    if (known.safeName != null && !Files.exists(known.safeName)) {
                        Files.write(known.safeName, left);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        forgetAll();
    }

    /** Only the process ends: all that it wrote is there. */
    public synchronized void killProcess() {
        generation++;
    }

    private void forgetAll() {
        generation++;
        remembered.clear();
        bytesLeft = Long.MAX_VALUE;
        writeFailure = null;
        forceFailure = null;
    }

    private static byte[] tear(Remembered known, Random random) {
        byte[] content = known.safe.clone();
        for (Change change : known.changes) {
            byte[] bytes = change.bytes();
            if (bytes == null) {
                if (random.nextBoolean() && change.at() < content.length) {
                    content = java.util.Arrays.copyOf(content, (int) change.at());
                }
                continue;
            }
            for (int from = 0; from < bytes.length; ) {
                int at = (int) change.at() + from;
                int length = Math.min(bytes.length - from, SECTOR_BYTES - at % SECTOR_BYTES);
                if (random.nextInt(3) > 0) {
                    content = java.util.Arrays.copyOf(content, Math.max(content.length, at + length));
                    System.arraycopy(bytes, from, content, at, length);
                }
                from += length;
            }
        }
        return content;
    }
}
