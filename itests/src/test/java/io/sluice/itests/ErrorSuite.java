package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Provokes errors one by one, by raw requests to one broker. A suite has a static method {@code provocations()}; {@link ErrorTable} makes a page of
 * them all.
 *
 * <p>With {@code -Derrors.kafka=FOLDER}, that of the peers' scripts, it asks Apache Kafka with the same settings instead.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ErrorSuite {
    private BrokerProcess broker;
    private KafkaPeer kafka;
    private int port;

    /** What the broker is started with beside its defaults. */
    abstract String[] settings();

    /** Makes what the provocations need: topics, coordinators that answer. */
    abstract void prepare(String bootstrap) throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        String peers = System.getProperty("errors.kafka");
        if (peers == null) {
            broker = BrokerProcess.start(folder.resolve("data"), settings());
            port = broker.port();
        } else {
            kafka = KafkaPeer.start(Path.of(peers), folder.resolve("data"), settings());
            port = kafka.port();
        }
        prepare("127.0.0.1:" + port);
    }

    /** Null when it is Apache Kafka that is asked. */
    BrokerProcess broker() {
        return broker;
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("provocations")
    void shouldAnswerAsDocumented(Provocation provocation) throws Exception {
        Assumptions.assumeTrue(kafka == null || provocation.kafkas() != null, provocation.reason());
        try (RawClient client = new RawClient(port)) {
            assertThat(Errors.forCode(provocation.attempt().by(client)))
                    .as(provocation.toString())
                    .isEqualTo(kafka == null ? provocation.error() : provocation.kafkas());
        }
    }
}
