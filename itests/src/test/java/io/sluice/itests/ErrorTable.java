package io.sluice.itests;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Every API and error that Kafka documents or that is provoked here: what provokes it, or why nothing can.
 *
 * <p>What is documented is what the message schemas list under "Supported errors", and what {@code documented-errors.properties} adds from KIPs and from
 * the documentation of Kafka's response classes.
 */
final class ErrorTable {
    private static final Pattern LISTED = Pattern.compile("(?m)^\\s*// - ([A-Z_]+) \\(version");
    private static final String ANY = "*";

    private final Map<ApiKeys, Map<Errors, Row>> rows = new TreeMap<>(Comparator.comparingInt((ApiKeys api) -> api.id));
    private final Set<String> usedReasons = new TreeSet<>();

    /**
     * One API and error.
     *
     * @param provocations suite, a colon, and when
     * @param reason why there is no provocation, or none but by tests of a module
     */
    record Row(ApiKeys api, Errors error, List<String> provocations, String reason) {
        boolean isOpen() {
            return provocations.isEmpty() && reason.isEmpty();
        }
    }

    /**
     * @param documented a properties file: an API, and its errors
     * @param reasons a properties file: an API or {@code *}, a dot, an error, and why it is not provoked
     */
    ErrorTable(Path documented, Path reasons) throws IOException {
        Map<ApiKeys, Map<Errors, List<String>>> provoked = new TreeMap<>();
        suites().forEach((suite, provocations) -> {
            for (Provocation one : provocations) {
                if (one.error() == Errors.NONE) {
                    continue;
                }
                provoked.computeIfAbsent(one.api(), api -> new TreeMap<>())
                        .computeIfAbsent(one.error(), error -> new ArrayList<>())
                        .add(suite + ": " + one.when());
            }
        });
        Map<ApiKeys, Set<Errors>> all = documented(documented);
        provoked.forEach((api, errors) ->
                all.computeIfAbsent(api, key -> new TreeSet<>()).addAll(errors.keySet()));
        Properties why = properties(reasons);
        all.forEach((api, errors) -> {
            for (Errors error : errors) {
                List<String> by = provoked.getOrDefault(api, Map.of()).getOrDefault(error, List.of());
                rows.computeIfAbsent(api, key -> new TreeMap<>())
                        .put(error, new Row(api, error, by, by.isEmpty() ? reason(why, api, error) : ""));
            }
        });
    }

    /** By name, what each suite provokes. */
    static Map<String, List<Provocation>> suites() {
        Map<String, List<Provocation>> suites = new TreeMap<>();
        suites.put("AdminErrorsIT", AdminErrorsIT.provocations());
        suites.put("AuthorizationErrorsIT", AuthorizationErrorsIT.provocations());
        suites.put("ConfigErrorsIT", ConfigErrorsIT.provocations());
        suites.put("ConsumerGroupErrorsIT", ConsumerGroupErrorsIT.provocations());
        suites.put("GroupErrorsIT", GroupErrorsIT.provocations());
        suites.put("NotCoordinatorIT", NotCoordinatorIT.provocations());
        suites.put("RecordErrorsIT", RecordErrorsIT.provocations());
        suites.put("ShareErrorsIT", ShareErrorsIT.provocations());
        suites.put("StreamsErrorsIT", StreamsErrorsIT.provocations());
        suites.put("TransactionErrorsIT", TransactionErrorsIT.provocations());
        return suites;
    }

    private String reason(Properties why, ApiKeys api, Errors error) {
        for (String key : List.of(api.name() + "." + error, ANY + "." + error)) {
            String reason = why.getProperty(key);
            if (reason != null) {
                usedReasons.add(key);
                return reason.trim();
            }
        }
        return "";
    }

    static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(in);
        }
        return properties;
    }

    private static Map<ApiKeys, Set<Errors>> documented(Path more) throws IOException {
        Map<ApiKeys, Set<Errors>> all = new TreeMap<>();
        Properties added = properties(more);
        for (ApiKeys api : ApiKeys.values()) {
            Set<Errors> errors = new TreeSet<>();
            Matcher matcher = LISTED.matcher(schema(api));
            while (isServed(api) && matcher.find()) {
                errors.add(Errors.valueOf(matcher.group(1)));
            }
            for (String name : added.getProperty(api.name(), "").trim().split("\\s+")) {
                if (!name.isEmpty()) {
                    errors.add(Errors.valueOf(name));
                }
            }
            if (!errors.isEmpty()) {
                all.put(api, errors);
            }
        }
        return all;
    }

    private static boolean isServed(ApiKeys api) {
        return api.inScope(ApiMessageType.ListenerType.BROKER);
    }

    private static String schema(ApiKeys api) throws IOException {
        String name = "/common/message/" + api.name + "Response.json";
        try (InputStream in = ApiKeys.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    List<Row> rows() {
        return rows.values().stream()
                .flatMap(errors -> errors.values().stream())
                .toList();
    }

    /** The keys of the reasons that some row needed. */
    Set<String> usedReasons() {
        return usedReasons;
    }

    /** The whole page. */
    String page() {
        StringBuilder page = new StringBuilder("""
                # Errors

                Every error that Apache Kafka 4.4.0 documents for the APIs of transactions, groups, share groups, streams groups, telemetry and
                administration, or that a test provokes: by which request of which test, or why no request to one broker can. Documented is what the
                message schemas list, and what `itests/src/test/resources/documented-errors.properties` adds.

                This page is generated: `ErrorTableTest` in `itests/` fails when it is not what the tests provoke, when a documented error has neither a
                provocation nor a reason in `errors-reasons.properties`, when a reason is left over or names a test that there is not, and when a handler
                or coordinator can answer with an error that is not here. To write it anew:

                    mvn -B -pl itests -am -DskipITs -Dtest=ErrorTableTest -Dsurefire.failIfNoSpecifiedTests=false -Derrors.write=true test

                With `-Derrors.kafka=FOLDER`, the folder of the scripts that start it, the suites ask Apache Kafka.

                | API | error | provoked by, or why not |
                |---|---|---|
                """);
        for (Row row : rows()) {
            String by = row.provocations().isEmpty() ? row.reason() : String.join("<br>", row.provocations());
            page.append("| ").append(row.api().name).append(" | ").append(row.error());
            page.append(" | ").append(by).append(" |\n");
        }
        long provoked =
                rows().stream().filter(row -> !row.provocations().isEmpty()).count();
        page.append('\n').append(provoked).append(" of ").append(rows().size()).append(" are provoked.\n");
        return page.append(differences()).toString();
    }

    private static String differences() {
        StringBuilder text = new StringBuilder("""

                ## Where Apache Kafka answers otherwise

                The same requests, but those about permissions, were put to Apache Kafka 4.4.0; all other answers are the same.

                | API | answer here | Kafka's | why |
                |---|---|---|---|
                """);
        suites().values().stream()
                .flatMap(List::stream)
                .filter(one -> one.error() != one.kafkas())
                .sorted(Comparator.comparingInt(one -> one.api().id))
                .forEach(one -> text.append("| ")
                        .append(one.api().name)
                        .append(" | ")
                        .append(one.error())
                        .append(' ')
                        .append(one.when())
                        .append(" | ")
                        .append(one.kafkas() == null ? "not asked" : one.kafkas())
                        .append(" | ")
                        .append(one.reason())
                        .append(" |\n"));
        return text.toString();
    }
}
