package io.sluice.admin.sdk;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a project: a pom, the sources of a plugin that works, tests that put it through its kit, and a README. The sources are those
 * that this module compiles and tests, with the author's names in place of {@code Sample}. Any thread.
 */
final class ProjectWriter {
    private static final String TEMPLATES = "/templates/";

    private final URI sdk;

    /** @param sdk the folder with the repository */
    ProjectWriter(URI sdk) {
        this.sdk = sdk;
    }

    /**
     * @param directory made when it is not there; must be empty
     * @return what was written, relative to the directory
     * @throws IOException when the directory has something in it, or cannot be written
     */
    List<Path> write(ProjectKind kind, ProjectName name, Path directory) throws IOException {
        requireEmpty(directory);
        Map<String, String> words = words(kind, name);
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(Path.of("pom.xml"), fill(template("pom.xml"), words));
        files.put(Path.of("README.md"), fill(template("README.md"), words));
        files.put(Path.of(".mvn", "maven.config"), template("maven.config"));
        files.put(Path.of(".gitignore"), "target/\n");
        for (String source : kind.sources()) {
            Path folder = Path.of("src", source.endsWith("Test") ? "test" : "main", "java")
                    .resolve(name.packageName().replace('.', '/'));
            String file = source.replace("Sample", name.classPrefix()) + ".java";
            files.put(
                    folder.resolve(file), rename(template("java/" + kind.word() + "/" + source + ".java"), kind, name));
        }
        List<Path> written = new ArrayList<>();
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Path target = directory.resolve(file.getKey());
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.writeString(target, file.getValue());
            written.add(file.getKey());
        }
        return written;
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> children = Files.list(directory)) {
                if (children.findAny().isPresent()) {
                    throw new IOException(directory + " is not empty; --dir DIR names another");
                }
            }
        } else if (Files.exists(directory)) {
            throw new IOException(directory + " is a file; --dir DIR names another place");
        }
    }

    private Map<String, String> words(ProjectKind kind, ProjectName name) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("%use%", kind.use());
        words.put("%kind%", kind.word());
        words.put("%title%", kind.title());
        words.put("%name%", name.name());
        words.put("%Name%", name.classPrefix());
        words.put("%package%", name.packageName());
        words.put("%sdk%", sdk.toString());
        words.put("%kit%", kind.kit());
        words.put(
                "%apis%",
                kind.apis().stream()
                        .map(api -> "    <dependency><groupId>io.sluice</groupId><artifactId>" + api
                                + "</artifactId><scope>provided</scope></dependency>")
                        .collect(Collectors.joining("\n")));
        return words;
    }

    private static String fill(String text, Map<String, String> words) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replace(word.getKey(), word.getValue());
        }
        return filled;
    }

    private static String rename(String source, ProjectKind kind, ProjectName name) {
        return source.replace("org.example." + kind.word(), name.packageName())
                .replace("Sample", name.classPrefix())
                .replace("\"sample\"", "\"" + name.name() + "\"")
                .replace("{@code sample}", "{@code " + name.name() + "}")
                .replace("=sample}", "=" + name.name() + "}");
    }

    private static String template(String path) throws IOException {
        try (InputStream in = ProjectWriter.class.getResourceAsStream(TEMPLATES + path)) {
            if (in == null) {
                throw new FileNotFoundException("the bundle has no template " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
