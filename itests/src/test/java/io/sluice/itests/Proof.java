package io.sluice.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/** Prints what a proof found, as one line {@code PROOF name=... key=value ...}, and keeps it in the report file. */
public final class Proof {
    private final StringBuilder line;

    private Proof(String name) {
        this.line = new StringBuilder("PROOF name=").append(name);
    }

    public static Proof named(String name) {
        return new Proof(name);
    }

    public Proof with(String key, Object value) {
        line.append(' ').append(key).append('=').append(value);
        return this;
    }

    public void print() {
        System.out.println(line);
        String report = System.getProperty("proof.report");
        if (report == null) {
            return;
        }
        try {
            Path file = Path.of(report);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(
                    file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stated count of a proof, from the system property {@code proof.NAME}. */
    static int count(String name, int otherwise) {
        return Integer.getInteger("proof." + name, otherwise);
    }

    /** What a proof is narrowed to, from the system property {@code proof.NAME}, separated by commas; empty for all. */
    static List<String> names(String name) {
        return Arrays.stream(System.getProperty("proof." + name, "").split(","))
                .map(String::trim)
                .filter(one -> !one.isEmpty())
                .toList();
    }

    /** The sabotage under which the proof must fail; empty for none. */
    static String sabotage() {
        String value = System.getProperty("proof.sabotage", "");
        return value.startsWith("${") ? "" : value;
    }
}
