package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;

/** What is shown of the broker to those who watch it. */
final class BrokerMetricsKeys {
    private static final Constraint SHOWN =
            Constraint.matching("all|none|[1-9][0-9]{0,8}", "all, none, or how many are shown at most");

    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("metrics.listener", STRING, "")
                    .limited(Constraint.matching("(.*:[0-9]{1,5})?", "HOST:PORT or empty"))
                    .doc(
                            "Where /metrics, /health and /ready are answered over HTTP, as HOST:PORT; nowhere when empty. Without"
                                    + " a host it is the loopback address; with port 0 a free one, which run/metrics in the data"
                                    + " directory names. There is no authentication: whoever reaches it can read it."),
            ConfigKey.of("metrics.topics", STRING, "100")
                    .limited(SHOWN)
                    .importance(LOW)
                    .live()
                    .doc(
                            "Which topics have metrics of their own: all, none, or so many, those with the most traffic. The"
                                    + " others are added up under the topic _other."),
            ConfigKey.of("metrics.partitions", INT, "1000")
                    .atLeast(0)
                    .importance(LOW)
                    .live()
                    .doc("How many partitions have metrics of their own at most; those of topics without have none."),
            ConfigKey.of("metrics.groups", STRING, "100")
                    .limited(SHOWN)
                    .importance(LOW)
                    .live()
                    .doc(
                            "Which groups have metrics of their own: all, none, or so many, the first by name. The others are"
                                    + " counted by state only, and their lag is not looked for."),
            ConfigKey.of("metrics.jmx", STRING, "auto")
                    .limited(Constraint.oneOf("auto", "on", "off"))
                    .importance(LOW)
                    .doc(
                            "Whether MBeans with Kafka's names are registered: auto does when the JVM was started with an agent"
                                    + " for JMX (JMX_PORT, or com.sun.management.jmxremote)."));

    private BrokerMetricsKeys() {}
}
