package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;

/** Listeners, sockets and the limits of connections. */
final class BrokerNetworkKeys {
    private static final String MOST = Integer.toString(Integer.MAX_VALUE);

    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("listeners", LIST, "PLAINTEXT://127.0.0.1:9092")
                    .importance(HIGH)
                    .doc("The addresses that the broker listens on, as NAME://host:port and separated by commas."),
            ConfigKey.of("advertised.listeners", LIST, null)
                    .importance(HIGH)
                    .doc("The addresses that clients are told, where they differ from those of listeners."),
            ConfigKey.of(
                            "listener.security.protocol.map",
                            STRING,
                            "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL")
                    .importance(LOW)
                    .doc("Which security protocol each listener speaks, as NAME:PROTOCOL and separated by commas."),
            ConfigKey.of("inter.broker.listener.name", STRING, null)
                    .withoutEffect()
                    .doc("Which listener brokers use among themselves."),
            ConfigKey.of("security.inter.broker.protocol", STRING, "PLAINTEXT")
                    .limited(Constraint.oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"))
                    .withoutEffect()
                    .doc("Which security protocol brokers speak among themselves, where no listener is named for it."),
            ConfigKey.of("socket.send.buffer.bytes", INT, "-1")
                    .limited(Constraint.atLeast(1).or("-1"))
                    .importance(HIGH)
                    .doc(
                            "The send buffer of each socket; -1, which is the default here and not 102400 as in Kafka, lets"
                                    + " the operating system size it."),
            ConfigKey.of("socket.receive.buffer.bytes", INT, "102400")
                    .limited(Constraint.atLeast(1).or("-1"))
                    .importance(HIGH)
                    .doc("The receive buffer of each socket; -1 takes the operating system's."),
            ConfigKey.of("socket.request.max.bytes", INT, "104857600")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("The largest request that is read; a connection that sends a larger one is closed."),
            ConfigKey.of("socket.listen.backlog.size", INT, "50")
                    .atLeast(1)
                    .doc("How many connections may wait to be accepted."),
            ConfigKey.of("max.connections.per.ip", INT, MOST)
                    .atLeast(0)
                    .doc("How many connections one address may hold."),
            ConfigKey.of("max.connections.per.ip.overrides", STRING, "")
                    .limited(Constraint.matching(
                            "\\s*([^,\\s]+:\\d+\\s*(,\\s*[^,\\s]+:\\d+\\s*)*)?", "a list of address:number"))
                    .withoutEffect()
                    .doc("Addresses that may hold another number of connections, as address:number and separated by"
                            + " commas."),
            ConfigKey.of("max.connections", INT, MOST).atLeast(0).doc("How many connections the broker holds in all."),
            ConfigKey.of("max.connection.creation.rate", INT, MOST)
                    .atLeast(0)
                    .withoutEffect()
                    .doc("How many new connections are accepted in a second."),
            ConfigKey.of("connections.max.idle.ms", LONG, "600000")
                    .doc("After how long without a request a connection is closed."),
            ConfigKey.of("connection.failed.authentication.delay.ms", INT, "100")
                    .atLeast(0)
                    .importance(LOW)
                    .withoutEffect()
                    .doc("How long the broker waits before it closes a connection whose authentication failed."),
            ConfigKey.of("fetch.max.bytes", INT, "57671680")
                    .atLeast(1024)
                    .doc("The most bytes of records in the answer to one fetch, whatever the client asks for."),
            ConfigKey.of("max.incremental.fetch.session.cache.slots", INT, "1000")
                    .atLeast(0)
                    .doc("How many fetch sessions are kept; more clients than that send whole fetches."));

    private BrokerNetworkKeys() {}
}
