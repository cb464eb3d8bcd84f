package io.sluice.itests;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/** What is advertised beside what Kafka's broker listener advertises, with the reasons where that differs. */
final class ApiTable {
    private static final String NONE = "-";

    private final List<Row> rows = new ArrayList<>();

    /** One API. */
    record Row(short key, String name, String kafka, String ours, String reason) {
        boolean differs() {
            return !kafka.equals(ours);
        }
    }

    /**
     * @param advertised what the broker answered to ApiVersions
     * @param reasons a properties file: the API's key, and why it is not as in Kafka
     */
    ApiTable(Iterable<ApiVersion> advertised, Path reasons) throws IOException {
        Properties why = new Properties();
        try (Reader in = Files.newBufferedReader(reasons, StandardCharsets.UTF_8)) {
            why.load(in);
        }
        Map<Short, String> kafka =
                ranges(ApiVersionsResponse.filterApis(ApiMessageType.ListenerType.BROKER, false, true));
        Map<Short, String> ours = ranges(advertised);
        for (ApiKeys api : ApiKeys.values()) {
            if (api.messageType.lowestSupportedVersion() > api.messageType.highestSupportedVersion(true)) {
                continue; // gone from the protocol; its number is not given again
            }
            rows.add(new Row(
                    api.id,
                    api.name,
                    kafka.getOrDefault(api.id, NONE),
                    ours.getOrDefault(api.id, NONE),
                    why.getProperty(Short.toString(api.id), "").trim()));
        }
    }

    private static Map<Short, String> ranges(Iterable<ApiVersion> apis) {
        Map<Short, String> ranges = new TreeMap<>();
        for (ApiVersion api : apis) {
            ranges.put(api.apiKey(), api.minVersion() + " to " + api.maxVersion());
        }
        return ranges;
    }

    List<Row> rows() {
        return rows;
    }

    /** The whole page. */
    String page() {
        StringBuilder page = new StringBuilder("""
                # Compatibility

                Every API of kafka-clients 4.4.0 by its key, with the versions that Apache Kafka 4.4.0 advertises on a broker's listener (its
                telemetry switched on), and those that the assembled distribution answers ApiVersions with. `-` is none: such an API belongs
                to controllers, or is not there.

                This page is generated: `CompatibilityProofIT` in `itests/` fails when it is not what the distribution says, when an API
                differs from Kafka's without a reason in `compatibility-reasons.properties`, when a reason is left over, and when an
                advertised version is not answered. To write it anew:

                    mvn -B -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=CompatibilityProofIT -Dfailsafe.failIfNoSpecifiedTests=false -Dcompatibility.write=true verify

                | key | API | Kafka 4.4.0 | Sluice | why not the same |
                |---|---|---|---|---|
                """);
        for (Row row : rows) {
            page.append("| ").append(row.key).append(" | ").append(row.name);
            page.append(" | ").append(row.kafka).append(" | ").append(row.ours);
            page.append(" | ").append(row.reason).append(" |\n");
        }
        long same = rows.stream().filter(row -> !row.differs()).count();
        return page.append('\n')
                .append(same)
                .append(" of ")
                .append(rows.size())
                .append(" are the same.\n")
                .toString();
    }
}
