package io.sluice.sdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes a repository of artifacts in Maven's layout: takes away what belongs to a local one, and adds a checksum beside each file, and beside the versions of an artifact
 * the metadata that lists them. The same input gives the same bytes.
 */
public final class RepositoryFiles {
    private RepositoryFiles() {}

    /** @param arguments the repository's folder */
    public static void main(String[] arguments) throws IOException {
        complete(Path.of(arguments[0]));
    }

    /** @throws IOException also when there is no artifact at all */
    static void complete(Path repository) throws IOException {
        List<Path> artifacts;
        try (Stream<Path> files = Files.walk(repository)) {
            artifacts = files.filter(file -> file.getFileName().toString().endsWith(".pom"))
                    .map(file -> Objects.requireNonNull(file.getParent()).getParent())
                    .distinct()
                    .sorted()
                    .toList();
        }
        if (artifacts.isEmpty()) {
            throw new IOException("no artifact is in " + repository);
        }
        deleteLocalTraces(repository);
        for (Path artifact : artifacts) {
            writeMetadata(repository, artifact);
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(repository)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".sha1"))
                    .toList();
        }
        for (Path file : files) {
            Files.writeString(file.resolveSibling(file.getFileName() + ".sha1"), sha1(Files.readAllBytes(file)));
        }
    }

    /** What Maven writes into a local repository, and a remote one does not have. */
    private static void deleteLocalTraces(Path repository) throws IOException {
        List<Path> traces;
        try (Stream<Path> all = Files.walk(repository)) {
            traces = all.filter(file -> file.getFileName().toString().equals("_remote.repositories")
                            || file.getFileName().toString().equals("maven-metadata-local.xml"))
                    .toList();
        }
        for (Path trace : traces) {
            Files.delete(trace);
        }
    }

    private static void writeMetadata(Path repository, Path artifact) throws IOException {
        List<String> versions;
        try (Stream<Path> children = Files.list(artifact)) {
            versions = children.filter(Files::isDirectory)
                    .map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
        String group = repository.relativize(artifact.getParent()).toString().replace('/', '.');
        String newest = versions.get(versions.size() - 1);
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<metadata>\n");
        text.append("  <groupId>").append(group).append("</groupId>\n");
        text.append("  <artifactId>").append(artifact.getFileName()).append("</artifactId>\n");
        text.append("  <versioning>\n    <latest>").append(newest).append("</latest>\n");
        text.append("    <release>").append(newest).append("</release>\n    <versions>\n");
        versions.forEach(
                version -> text.append("      <version>").append(version).append("</version>\n"));
        text.append("    </versions>\n  </versioning>\n</metadata>\n");
        Files.writeString(artifact.resolve("maven-metadata.xml"), text, StandardCharsets.UTF_8);
    }

    static String sha1(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
