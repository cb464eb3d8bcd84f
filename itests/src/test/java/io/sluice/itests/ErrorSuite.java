package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Provokes errors one by one, by raw requests to one broker. A suite has a static method {@code provocations()}; {@link ErrorTable} makes a page of
 * them all.
 *
 * <p>With {@code -Derrors.port=PORT} it asks the broker that listens there, which may be Apache Kafka with the same settings.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ErrorSuite {
    private BrokerProcess broker;
    private int port;

    /** What the broker is started with beside its defaults. */
    abstract String[] settings();

    /** Makes what the provocations need: topics, coordinators that answer. */
    abstract void prepare(String bootstrap) throws Exception;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        port = Integer.getInteger("errors.port", 0);
        if (port == 0) {
            broker = BrokerProcess.start(folder.resolve("data"), settings());
            port = broker.port();
        }
        prepare("127.0.0.1:" + port);
    }

    /** Null when the broker was there before. */
    BrokerProcess broker() {
        return broker;
    }

    @AfterAll
    void stop() throws Exception {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("provocations")
    void shouldAnswerAsDocumented(Provocation provocation) throws Exception {
        try (RawClient client = new RawClient(port)) {
            assertThat(Errors.forCode(provocation.attempt().by(client)))
                    .as(provocation.toString())
                    .isEqualTo(provocation.error());
        }
    }
}
