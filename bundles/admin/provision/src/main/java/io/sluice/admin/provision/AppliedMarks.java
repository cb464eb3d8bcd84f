package io.sluice.admin.provision;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which jar each bundle of the framework's cache holds, kept within that cache: it goes when the cache goes, and then
 * everything is put in place again. For one thread.
 */
final class AppliedMarks {
    private final Path file;
    private final Properties marks = new Properties();

    AppliedMarks(Path file) throws IOException {
        this.file = file;
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            marks.load(reader);
        } catch (NoSuchFileException e) {
            marks.clear();
        }
    }

    @Nullable
    String sha256(String name) {
        return marks.getProperty(name);
    }

    void set(String name, String sha256) throws IOException {
        marks.setProperty(name, sha256);
        store();
    }

    void clear(String name) throws IOException {
        if (marks.remove(name) != null) {
            store();
        }
    }

    private void store() throws IOException {
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            marks.store(writer, null);
        }
    }
}
