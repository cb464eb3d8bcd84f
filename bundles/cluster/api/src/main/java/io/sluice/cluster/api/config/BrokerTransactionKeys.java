package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.SHORT;
import static io.sluice.cluster.api.config.Importance.HIGH;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;

/** Idempotent producers and transactions. */
final class BrokerTransactionKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("producer.id.expiration.ms", INT, "86400000")
                    .atLeast(1)
                    .importance(LOW)
                    .doc("How long a partition remembers an idempotent producer that is silent."),
            ConfigKey.of("producer.id.expiration.check.interval.ms", INT, "600000")
                    .atLeast(1)
                    .importance(LOW)
                    .withoutEffect()
                    .doc("How often partitions look for producers to forget."),
            ConfigKey.of("transaction.max.timeout.ms", INT, "900000")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("The longest timeout that a transaction may ask for."),
            ConfigKey.of("transactional.id.expiration.ms", INT, "604800000")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How long an unused transactional id is remembered."),
            ConfigKey.of("transaction.partition.verification.enable", BOOLEAN, "true")
                    .importance(LOW)
                    .doc("Whether a partition asks the coordinator before it takes the first batch of a transaction."),
            ConfigKey.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", INT, "10000")
                    .atLeast(1)
                    .importance(LOW)
                    .doc("How often the coordinator looks for transactions whose time is up."),
            ConfigKey.of("transaction.remove.expired.transaction.cleanup.interval.ms", INT, "3600000")
                    .atLeast(1)
                    .importance(LOW)
                    .doc("How often the coordinator looks for transactional ids to forget."),
            ConfigKey.of("transaction.state.log.num.partitions", INT, "50")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many partitions the topic of transactions has; fixed once it exists."),
            ConfigKey.of("transaction.state.log.replication.factor", SHORT, "3")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many replicas the topic of transactions gets, or as many as there are brokers if these"
                            + " are fewer."),
            ConfigKey.of("transaction.state.log.min.isr", INT, "2")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many replicas of the topic of transactions must be in sync; never more than it has."),
            ConfigKey.of("transaction.state.log.segment.bytes", INT, "104857600")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("The size of the segments of the topic of transactions."),
            ConfigKey.of("transaction.state.log.load.buffer.size", INT, "5242880")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many bytes are read at once when transactions are loaded."));

    private BrokerTransactionKeys() {}
}
