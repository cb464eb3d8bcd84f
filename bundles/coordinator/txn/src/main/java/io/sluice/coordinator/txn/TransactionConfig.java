package io.sluice.coordinator.txn;

import io.sluice.coordinator.txn.state.TransactionLimits;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The coordinator's configuration as it holds at one moment, under Kafka's keys. */
public record TransactionConfig(int timeoutMaxMs, boolean verifiesPartitions, TransactionLimits limits) {
    /** Kafka's defaults. */
    public static final TransactionConfig DEFAULT = from(key -> null);

    /** Reads the keys; what has no value, or none that is a number, has Kafka's default. */
    public static TransactionConfig from(UnaryOperator<@Nullable String> values) {
        String verification = values.apply("transaction.partition.verification.enable");
        return new TransactionConfig(
                number(values, "transaction.max.timeout.ms", 900_000),
                verification == null || !verification.trim().equalsIgnoreCase("false"),
                new TransactionLimits(
                        number(values, "transaction.abort.timed.out.transaction.cleanup.interval.ms", 10_000),
                        number(values, "transaction.remove.expired.transaction.cleanup.interval.ms", 3_600_000),
                        number(values, "transactional.id.expiration.ms", 604_800_000)));
    }

    static int number(UnaryOperator<@Nullable String> values, String key, int otherwise) {
        String value = values.apply(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
