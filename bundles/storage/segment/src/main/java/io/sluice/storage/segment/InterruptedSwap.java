package io.sluice.storage.segment;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Finishes a compaction that a crash interrupted. Once a compacted segment has its {@code .swap} name it is complete and takes the
 * place of every segment in its range; before, with its {@code .cleaned} name, it is worth nothing.
 */
final class InterruptedSwap {
    private static final String LOG_SWAP = LogFileNames.LOG + LogFileNames.SWAP;

    private InterruptedSwap() {}

    static void complete(Path folder) throws IOException {
        List<Path> swaps = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder, "*" + LogFileNames.SWAP)) {
            listing.forEach(swaps::add);
        }
        for (Path swap : swaps) {
            long base = LogFileNames.offsetOf(swap.getFileName().toString(), LOG_SWAP);
            if (base < 0L) {
                Files.delete(swap);
            } else {
                finish(folder, swap, base);
            }
        }
    }

    private static void finish(Path folder, Path swap, long base) throws IOException {
        long last = lastOffset(swap, base);
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder, "*" + LogFileNames.LOG)) {
            for (Path log : listing) {
                long offset = LogFileNames.offsetOf(log.getFileName().toString(), LogFileNames.LOG);
                if (offset >= base && offset <= last) {
                    Files.delete(log);
                    deleteIndexes(folder, offset);
                }
            }
        }
        deleteIndexes(folder, base);
        Files.move(swap, LogFileNames.file(folder, base, LogFileNames.LOG), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteIndexes(Path folder, long base) throws IOException {
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.INDEX));
        Files.deleteIfExists(LogFileNames.file(folder, base, LogFileNames.TIME_INDEX));
    }

    private static long lastOffset(Path log, long base) throws IOException {
        long last = base;
        try (java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(log)) {
            HeaderWalk walk = new HeaderWalk(channel, 0, (int) channel.size());
            while (walk.next()) {
                last = walk.lastOffset();
            }
        }
        return last;
    }
}
