package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifiedLogsTest {
    private static final LogVerification SOUND = new LogVerification(0L, 9L, 9L, 9L, 900L, List.of(), 0L);
    private static final LogVerification UNSOUND = new LogVerification(
            0L, 9L, 9L, 9L, 900L, List.of(new LogFinding(4L, "a.log", "the CRC of the batch is wrong")), 3L);

    @TempDir
    Path folder;

    private final BrokerFake broker = new BrokerFake();
    private Uuid topic;

    @BeforeEach
    void makeTopic() {
        broker.topic("orders", 2);
        topic = broker.image().topics().iterator().next().id();
    }

    /** As another run of the broker would. */
    private VerifiedLogs opened() {
        return new VerifiedLogs(folder.resolve("log").resolve("verified.properties"));
    }

    private List<Finding> doctor() {
        return new VerifiedLogsCheck(broker.access(), opened()).look();
    }

    @Test
    void shouldTellWhatWasFoundUntilTheLogIsFoundInOrder() throws IOException {
        opened().keep(topic, 1, UNSOUND, 1_700_000_000_000L);
        opened().keep(topic, 0, SOUND, 1_700_000_000_000L);

        assertThat(doctor()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo("error");
            assertThat(finding.about()).isEqualTo("orders-1");
            assertThat(finding.problem())
                    .contains("2023-11-14", "at offset 4: the CRC of the batch is wrong", "and 2 more");
            assertThat(finding.fix()).contains("storage:repair orders 1");
        });

        opened().keep(topic, 1, SOUND, 1_700_000_001_000L);
        assertThat(doctor()).isEmpty();
    }

    @Test
    void shouldForgetALogThatWasRepairedOrWhoseTopicIsNoMore() throws IOException {
        Uuid gone = new Uuid(7L, 7L);
        opened().keep(topic, 0, UNSOUND, 0L);
        opened().keep(topic, 5, UNSOUND, 0L);
        opened().keep(gone, 0, UNSOUND, 0L);
        opened().forget(topic, 0);

        assertThat(doctor()).isEmpty();
        assertThat(opened().all()).isEmpty();
    }

    @Test
    void shouldSayThatItsFileCannotBeRead() throws IOException {
        opened().keep(topic, 0, UNSOUND, 0L);
        Files.writeString(folder.resolve("log").resolve("verified.properties"), "what=ever");

        assertThat(doctor()).singleElement().satisfies(finding -> assertThat(finding.problem())
                .contains("verified.properties is damaged at what"));
    }
}
