package io.sluice.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds a project with the Maven that runs these proofs, offline. Its local repository has all that this build's has, by links, but
 * nothing of Sluice: that comes from the distribution's sdk, as it would for anybody.
 */
final class MavenBuild implements AutoCloseable {
    private static final long BUILD_SECONDS = 180L;
    private static final Pattern TOTAL = Pattern.compile(
            "Tests run: (\\d+), Failures: (\\d+), Errors: (\\d+), Skipped: \\d+\\s*$", Pattern.MULTILINE);

    private final Path repository;
    private final List<Path> links = new ArrayList<>();

    private MavenBuild(Path repository) {
        this.repository = repository;
    }

    static MavenBuild in(Path repository) throws IOException {
        Path whole =
                Path.of(System.getProperty("proof.repository", System.getProperty("user.home") + "/.m2/repository"));
        MavenBuild build = new MavenBuild(repository);
        build.link(whole, repository, "io");
        build.link(whole.resolve("io"), repository.resolve("io"), "sluice");
        return build;
    }

    private void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        List<Path> children;
        try (Stream<Path> all = Files.list(from)) {
            children = all.filter(child -> !child.getFileName().toString().equals(except))
                    .toList();
        }
        for (Path child : children) {
            links.add(Files.createSymbolicLink(to.resolve(child.getFileName()), child.toAbsolutePath()));
        }
    }

    /** Takes the links away, and nothing that they lead to. */
    @Override
    public void close() throws IOException {
        for (Path link : links) {
            Files.delete(link);
        }
    }

    /** How a build ended. The counts are those of its tests, all together; 0 where none ran. */
    record Result(int exitCode, String output, int tests, int failed) {}

    Result run(Path project, String... arguments) throws Exception {
        String home = System.getProperty("proof.maven", "");
        List<String> command = new ArrayList<>();
        command.add(home.isEmpty() ? "mvn" : home + "/bin/mvn");
        command.addAll(List.of("-B", "-o", "-Dstyle.color=never", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        Path log = project.resolve("build.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_OPTS");
        builder.environment().remove("MAVEN_CMD_LINE_ARGS");
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("the build of " + project + " did not end in " + BUILD_SECONDS + " s");
        }
        String output = Files.readString(log, StandardCharsets.UTF_8);
        int tests = 0;
        int failed = 0;
        Matcher total = TOTAL.matcher(output);
        while (total.find()) { // the last is the sum
            tests = Integer.parseInt(total.group(1));
            failed = Integer.parseInt(total.group(2)) + Integer.parseInt(total.group(3));
        }
        return new Result(process.exitValue(), output, tests, failed);
    }
}
