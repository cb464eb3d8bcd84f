package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.broker.api.Endpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a broker is told at start, and what it refuses with one sentence. */
class BrokerConfigTest {
    private static final Path DATA = Path.of("data");

    private static BrokerConfig parse(String... keysAndValues) throws StartupException {
        Map<String, String> values = new HashMap<>();
        values.put("listeners", "PLAINTEXT://127.0.0.1:0");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return BrokerConfig.parse(DATA, values);
    }

    private static void assertRefused(String sentence, String... keysAndValues) {
        assertThatThrownBy(() -> parse(keysAndValues))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void shouldRefuseAKeyThatIsNotKnownAndNameTheNearest() {
        assertRefused("num.partitions", "num.partitons", "3");
    }

    @Test
    void shouldRefuseAValueThatCannotBe() {
        assertRefused("num.network.threads", "num.network.threads", "none");
    }

    @Test
    void shouldRefuseValuesThatContradictEachOther() {
        assertRefused("group.share.max.share.sessions (10)", "group.share.max.share.sessions", "10");
    }

    @Test
    void shouldReplacePortZeroByOneThatIsFree() throws StartupException {
        BrokerConfig config = parse();

        assertThat(config.listeners().get(0).port()).isPositive();
        assertThat(config.endpoints())
                .containsExactly(new Endpoint(
                        "PLAINTEXT",
                        "PLAINTEXT",
                        "127.0.0.1",
                        config.listeners().get(0).port()));
    }

    @Test
    void shouldTellClientsWhatIsAdvertised() throws StartupException {
        BrokerConfig config = parse(
                "listeners",
                "PLAINTEXT://127.0.0.1:9092,INSIDE://[::1]:9093",
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT",
                "advertised.listeners",
                "PLAINTEXT://broker.example:19092");

        assertThat(config.endpoints())
                .containsExactly(
                        new Endpoint("PLAINTEXT", "PLAINTEXT", "broker.example", 19_092),
                        new Endpoint("INSIDE", "PLAINTEXT", "::1", 9_093));
        assertThat(config.listeners().get(0).port()).isEqualTo(9_092);
    }

    @Test
    void shouldRefuseListenersThatAreNone() {
        assertRefused("listeners", "listeners", "");
        assertRefused("not of the form", "listeners", "127.0.0.1:9092");
        assertRefused("outside 0..65535", "listeners", "PLAINTEXT://127.0.0.1:70000");
        assertRefused("not a number", "listeners", "PLAINTEXT://127.0.0.1:kafka");
    }

    @Test
    void shouldRefuseAProtocolThatIsNotSpoken() {
        assertRefused("SSL", "listeners", "SSL://127.0.0.1:0");
    }

    @Test
    void shouldKeepLogsInTheDataDirectoryUnlessToldOtherwise() throws StartupException {
        assertThat(parse().logDirectories()).containsExactly(DATA.resolve("logs"));
        assertThat(parse("log.dirs", "/a, /b").logDirectories()).containsExactly(Path.of("/a"), Path.of("/b"));
    }

    /** As in Kafka: a request that may come must find room. */
    @Test
    void shouldRefuseACeilingForRequestsBelowTheLargestRequest() throws StartupException {
        assertRefused("socket.request.max.bytes", "queued.max.request.bytes", "1000000");
        assertThat(parse("queued.max.request.bytes", "1000000", "socket.request.max.bytes", "1000000")
                        .listeners()
                        .get(0)
                        .frameBytesMax())
                .isEqualTo(1_000_000);
    }
}
