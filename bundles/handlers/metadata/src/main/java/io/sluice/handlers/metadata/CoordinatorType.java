package io.sluice.handlers.metadata;

import io.sluice.broker.api.TopicNames;
import io.sluice.protocol.ApiKey;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.jspecify.annotations.Nullable;

/** The kinds of coordinators, by their codes in FindCoordinator, with the topic whose partitions they live on. */
enum CoordinatorType {
    GROUP(0, TopicNames.CONSUMER_OFFSETS, ApiKey.JOIN_GROUP),
    TRANSACTION(1, TopicNames.TRANSACTION_STATE, ApiKey.END_TXN),
    SHARE(2, TopicNames.SHARE_GROUP_STATE, ApiKey.WRITE_SHARE_GROUP_STATE);

    private final byte code;
    private final String topic;
    private final ApiKey answeredBy;

    CoordinatorType(int code, String topic, ApiKey answeredBy) {
        this.code = (byte) code;
        this.topic = topic;
        this.answeredBy = answeredBy;
    }

    static @Nullable CoordinatorType of(byte code) {
        for (CoordinatorType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    String topic() {
        return topic;
    }

    /** An API that is there when, and only when, such coordinators are. */
    ApiKey answeredBy() {
        return answeredBy;
    }

    /** What the asker must be allowed to do, and to what. */
    Operation operation() {
        return this == SHARE ? Operation.CLUSTER_ACTION : Operation.DESCRIBE;
    }

    Resource resource(String key) {
        return switch (this) {
            case GROUP -> Resource.group(key);
            case TRANSACTION -> Resource.transactionalId(key);
            case SHARE -> Resource.CLUSTER;
        };
    }

    /** The partition that a key lives on, by Kafka's hash. */
    int partitionOf(String key, int partitions) {
        int hash = key.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
    }
}
