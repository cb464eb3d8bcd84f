package io.sluice.admin.sdk;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What can be written: an SPI, the artifacts that its plugins need, and the sources of a small one that works. */
enum ProjectKind {
    STORAGE(
            List.of("storage"),
            "storage engine",
            "a topic chooses it: `topic:create orders --config storage.engine=%name%`",
            List.of(
                    "package-info",
                    "SampleEngineFactory",
                    "SampleEngine",
                    "SampleLog",
                    "BatchFile",
                    "BatchIndex",
                    "LogMeta",
                    "SnapshotFiles",
                    "SampleLogStoreTest",
                    "SampleStorageEngineTest",
                    "SamplePartitionLogTest")),
    TRANSPORT(
            List.of("transport", "storage"),
            "transport",
            "the broker key `transport.type=%name%` chooses it at start, when it is installed",
            List.of(
                    "package-info",
                    "SampleTransportFactory",
                    "SampleTransport",
                    "SampleConnection",
                    "FrameReader",
                    "AnswerQueue",
                    "SampleFramesTest",
                    "SampleAnswersTest",
                    "SampleContentionTest",
                    "SampleDrainTest",
                    "SampleSocketTest")),
    REPLICATION(
            List.of("replication"),
            "replication strategy",
            "the broker key `replication.type=%name%` chooses it at start, when it is installed",
            List.of("package-info", "SampleReplicationFactory", "SampleReplication", "SampleReplicationTest")),
    SECURITY(
            List.of("security"),
            "authorizer",
            "the broker key `authorizer.type=%name%` chooses it at start, when it is installed",
            List.of("package-info", "SampleAuthorizerFactory", "SampleAuthorizer", "SampleAuthorizerTest")),
    HANDLER(
            List.of("request", "broker", "cluster", "storage", "security"),
            "request handler",
            "installed, its API is advertised to every client that connects",
            List.of("package-info", "SampleHandler", "SampleHandlerTest"));

    private final List<String> areas;
    private final String title;
    private final String use;
    private final List<String> sources;

    ProjectKind(List<String> areas, String title, String use, List<String> sources) {
        this.areas = areas;
        this.title = title;
        this.use = use;
        this.sources = sources;
    }

    static @Nullable ProjectKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElse(null);
    }

    static String words() {
        return Arrays.stream(values()).map(ProjectKind::word).collect(Collectors.joining(", "));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a plugin of this kind is called in a sentence. */
    String title() {
        return title;
    }

    /** How it is used once it is installed. */
    String use() {
        return use;
    }

    /** Names of the compilation units; those that end in {@code Test} are tests. */
    List<String> sources() {
        return sources;
    }

    /** The APIs, as artifacts of the sdk. */
    List<String> apis() {
        return areas.stream().map(area -> "sluice-" + area + "-api").toList();
    }

    /** The kit that says what such a plugin must do. */
    String kit() {
        return "sluice-" + areas.get(0) + "-kit";
    }
}
