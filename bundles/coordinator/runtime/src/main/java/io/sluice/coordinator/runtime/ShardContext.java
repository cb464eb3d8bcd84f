package io.sluice.coordinator.runtime;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.Partitions;

/** What the shards of one coordinator share. */
record ShardContext<S extends StateMachine<R>, R>(
        CoordinatorConfig config,
        RecordSerde<R> serde,
        StateMachineFactory<S, R> factory,
        Partitions partitions,
        Scheduler scheduler,
        Time time,
        LoadTimes loadTimes) {
    long monotonicMs() {
        return time.nanoseconds() / 1_000_000L;
    }

    TopicPartition topicPartition(int partition) {
        return new TopicPartition(config.topic(), partition);
    }
}
