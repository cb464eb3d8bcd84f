package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.itests.ApiTable.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the distribution advertises is what Kafka does, or the committed table says why not; and what is advertised is answered. */
class CompatibilityProofIT {
    private static final Path PAGE = Path.of("..", "docs", "compatibility.md");
    private static final Path REASONS = Path.of("..", "docs", "compatibility-reasons.properties");
    private static final short API_VERSIONS = 4;
    private static final short PRODUCE = 0;
    private static final short FIRST_PRODUCE = 3; // the older ones are advertised and refused, as in Kafka

    @TempDir
    Path folder;

    private static ApiVersionsResponseData advertised(RawClient client) throws Exception {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1");
        return (ApiVersionsResponseData) client.ask(request, API_VERSIONS);
    }

    @Test
    void shouldAdvertiseWhatTheCommittedTableSays() throws Exception {
        int versions;
        ApiTable table;
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"));
                RawClient client = new RawClient(broker.port())) {
            ApiVersionsResponseData answer = advertised(client);
            table = new ApiTable(answer.apiKeys(), REASONS);
            versions = askEveryVersion(client, answer);
        }
        Proof.named("compatibility")
                .with("apis", table.rows().size())
                .with(
                        "same",
                        table.rows().stream().filter(row -> !row.differs()).count())
                .with("versions_answered", versions)
                .print();
        assertThat(table.rows()).as("Kafka's live keys").hasSize(91);
        assertThat(table.rows().stream()
                        .filter(row -> row.differs() && row.reason().isEmpty()))
                .as("APIs that differ from Kafka's without a reason in " + REASONS)
                .isEmpty();
        assertThat(table.rows().stream()
                        .filter(row -> !row.differs() && !row.reason().isEmpty()))
                .as("reasons in " + REASONS + " for APIs that are as in Kafka")
                .isEmpty();
        if (Boolean.getBoolean("compatibility.write")) {
            Files.writeString(PAGE, table.page());
        }
        assertThat(Files.readString(PAGE)).isEqualTo(table.page());
    }

    /** Each advertised version with a request that says nothing; the answer, whatever it is, must be understood as a whole. */
    private static int askEveryVersion(RawClient client, ApiVersionsResponseData answer) throws Exception {
        int versions = 0;
        for (ApiVersion api : answer.apiKeys()) {
            ApiMessageType type = ApiMessageType.fromApiKey(api.apiKey());
            for (short version = api.minVersion(); version <= api.maxVersion(); version++) {
                if (api.apiKey() == PRODUCE && version < FIRST_PRODUCE) {
                    continue;
                }
                ApiMessage request = type.newRequest();
                if (request instanceof ProduceRequestData produce) {
                    produce.setAcks((short) 1); // with 0 there is no answer
                }
                assertThat(client.ask(request, version).apiKey())
                        .as(type + " version " + version)
                        .isEqualTo(api.apiKey());
                versions++;
            }
        }
        return versions;
    }

    @Test
    void shouldFindThatAnApiIsHidden() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("hide-api", folder.resolve("data"));
                RawClient client = new RawClient(broker.port())) {
            ApiTable table = new ApiTable(advertised(client).apiKeys(), REASONS);
            List<String> unexplained = new ArrayList<>();
            for (Row row : table.rows()) {
                if (row.differs() && row.reason().isEmpty()) {
                    unexplained.add(row.name());
                }
            }
            Proof.named("sabotage")
                    .with("kind", "hide-api")
                    .with("unexplained", unexplained)
                    .print();
            assertThat(Set.copyOf(unexplained)).containsExactly("DescribeQuorum");
            assertThat(table.page()).isNotEqualTo(Files.readString(PAGE));
        }
    }
}
