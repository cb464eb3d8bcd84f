package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} is complete, and what it says is so. */
class ErrorTableTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Path DOCUMENTED = Path.of("src/test/resources/documented-errors.properties");
    private static final Path REASONS = DOCS.resolve("errors-reasons.properties");
    private static final Path PAGE = DOCS.resolve("errors.md");
    private static final Path BUNDLES = Path.of("../bundles");
    private static final Pattern CODE = Pattern.compile("ErrorCode\\.([A-Z_]+)");
    private static final Pattern NAMED_TEST = Pattern.compile("([A-Z][A-Za-z]+Test)\\.(should[A-Za-z]+)");

    private final ErrorTable table;

    ErrorTableTest() throws IOException {
        table = new ErrorTable(DOCUMENTED, REASONS);
    }

    @Test
    void shouldProvokeEveryDocumentedErrorOrSayWhyNot() {
        assertThat(table.rows().stream().filter(ErrorTable.Row::isOpen).map(row -> row.api() + "." + row.error()))
                .isEmpty();
    }

    @Test
    void shouldHaveNoReasonTooMany() throws IOException {
        assertThat(ErrorTable.properties(REASONS).stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(table.usedReasons());
    }

    @Test
    void shouldHaveEverySuite() throws IOException {
        Set<String> suites = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith("IT.java")).toList()) {
                if (Files.readString(file).contains(" extends ErrorSuite ")) {
                    suites.add(file.getFileName().toString().replace(".java", ""));
                }
            }
        }
        assertThat(ErrorTable.suites().keySet()).isEqualTo(suites);
    }

    @Test
    void shouldNameTestsThatThereAre() throws IOException {
        for (Object reason : ErrorTable.properties(REASONS).values()) {
            Matcher named = NAMED_TEST.matcher((String) reason);
            while (named.find()) {
                assertThat(source(named.group(1))).as(named.group()).contains("void " + named.group(2) + "(");
            }
        }
    }

    private static String source(String test) throws IOException {
        try (Stream<Path> files = Files.walk(BUNDLES)) {
            List<Path> found =
                    files.filter(file -> file.endsWith(test + ".java")).toList();
            assertThat(found).as(test).isNotEmpty();
            StringBuilder all = new StringBuilder();
            for (Path file : found) {
                all.append(Files.readString(file));
            }
            return all.toString();
        }
    }

    /**
     * An error that stands in a handler's or a coordinator's source is one of its answers, or one that it looks for; those of making and deleting topics
     * are not of this table.
     */
    @Test
    void shouldKnowEveryErrorThatHandlersAndCoordinatorsName() throws IOException {
        Set<Errors> known =
                new TreeSet<>(Set.of(Errors.NONE, Errors.TOPIC_ALREADY_EXISTS, Errors.TOPIC_DELETION_DISABLED));
        table.rows().forEach(row -> known.add(row.error()));
        Set<Errors> named = new TreeSet<>();
        for (String part : List.of(
                "coordinator/group",
                "coordinator/txn",
                "coordinator/share",
                "coordinator/streams",
                "coordinator/runtime",
                "handlers/admin",
                "handlers/produce",
                "handlers/fetch",
                "handlers/telemetry")) {
            try (Stream<Path> files = Files.walk(BUNDLES.resolve(part).resolve("src/main"))) {
                for (Path file :
                        files.filter(one -> one.toString().endsWith(".java")).toList()) {
                    Matcher code = CODE.matcher(Files.readString(file));
                    while (code.find()) {
                        named.add(Errors.valueOf(code.group(1)));
                    }
                }
            }
        }
        assertThat(known).containsAll(named);
    }

    @Test
    void shouldBeAsWritten() throws IOException {
        String page = table.page();
        if (Boolean.getBoolean("errors.write")) {
            Files.writeString(PAGE, page, StandardCharsets.UTF_8);
        }
        assertThat(Files.readString(PAGE, StandardCharsets.UTF_8)).isEqualTo(page);
    }
}
