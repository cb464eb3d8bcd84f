package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;

/** Where and how the shell is reached by ssh. */
final class BrokerSshKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("ssh.listener", STRING, "")
                    .limited(Constraint.matching("(.*:[0-9]{1,5})?", "HOST:PORT or empty"))
                    .doc(
                            "Where the shell and its commands are reached by ssh, as HOST:PORT; nowhere when empty. Without a host"
                                    + " it is the loopback address; with port 0 a free one, which run/ssh in the data directory"
                                    + " names. Only keys in ssh/authorized_keys of the data directory are let in."),
            ConfigKey.of("ssh.sessions.max", INT, "10")
                    .limited(Constraint.between(1, 1000))
                    .importance(LOW)
                    .doc("How many connections by ssh there are at a time; one more is closed at once."),
            ConfigKey.of("ssh.idle.timeout.ms", LONG, "600000")
                    .atLeast(1_000)
                    .importance(LOW)
                    .doc("A connection by ssh on which nothing was sent or received for so long is closed."));

    private BrokerSshKeys() {}
}
