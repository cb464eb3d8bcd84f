package io.sluice.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * What every file of the framework's storage held when the broker was last ready or stopped: path, size and CRC. The
 * framework trusts what it finds there, native libraries included.
 */
record CacheContents(String text) {
    private static final String FILE = "contents";
    private static final String LOCK = "cache.lock";

    static CacheContents of(Path storage) throws IOException {
        StringBuilder text = new StringBuilder();
        List<Path> files;
        try (Stream<Path> all = Files.walk(storage)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            if (!file.endsWith(LOCK)) {
                text.append(storage.relativize(file))
                        .append(' ')
                        .append(sum(file))
                        .append('\n');
            }
        }
        return new CacheContents(text.toString());
    }

    private static String sum(Path file) throws IOException {
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(file), crc)) {
            long size = in.transferTo(java.io.OutputStream.nullOutputStream());
            return size + " " + Long.toHexString(crc.getValue());
        }
    }

    boolean isAt(Path cache) throws IOException {
        Path file = cache.resolve(FILE);
        return Files.isRegularFile(file) && new String(Files.readAllBytes(file), StandardCharsets.UTF_8).equals(text);
    }

    void keepAt(Path cache) throws IOException {
        Files.writeString(cache.resolve(FILE), text, StandardCharsets.UTF_8);
    }

    static void removeFrom(Path cache) throws IOException {
        Files.deleteIfExists(cache.resolve(FILE));
    }
}
