package io.sluice.coordinator.share.state;

import io.sluice.coordinator.runtime.Reply;

/**
 * Keeps the state of share partitions: for the leader of each, and for the coordinator of its group. Any thread; nothing blocks. A reply is answered
 * when what it tells is committed, and refused when nobody can tell now whether it is: what is asked here may be asked again without harm.
 */
public interface StatePersister {
    void initialize(SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateOutcome> reply);

    void read(SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply);

    void write(SharePartitionKey key, StateChange change, Reply<StateOutcome> reply);

    void delete(SharePartitionKey key, Reply<StateOutcome> reply);

    void summarize(SharePartitionKey key, Reply<SummaryOutcome> reply);
}
