package io.sluice.coordinator.share.state;

import io.sluice.coordinator.runtime.Reply;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The fault that a proof switches on to show that it can fail: after some writes, all others are answered and not kept. The system property
 * {@code sluice.sabotage} is {@value #NAME} then.
 */
public final class ForgetfulPersister implements StatePersister {
    /** How the sabotage is called. */
    public static final String NAME = "forget-acknowledgement";

    private static final int WRITES_KEPT = 2;

    private final StatePersister persister;
    private final AtomicInteger writes = new AtomicInteger();

    public ForgetfulPersister(StatePersister persister) {
        this.persister = persister;
    }

    @Override
    public void initialize(SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateOutcome> reply) {
        persister.initialize(key, stateEpoch, startOffset, reply);
    }

    @Override
    public void read(SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply) {
        persister.read(key, leaderEpoch, reply);
    }

    @Override
    public void write(SharePartitionKey key, StateChange change, Reply<StateOutcome> reply) {
        if (writes.incrementAndGet() > WRITES_KEPT) {
            reply.answer(StateOutcome.OK);
        } else {
            persister.write(key, change, reply);
        }
    }

    @Override
    public void delete(SharePartitionKey key, Reply<StateOutcome> reply) {
        persister.delete(key, reply);
    }

    @Override
    public void summarize(SharePartitionKey key, Reply<SummaryOutcome> reply) {
        persister.summarize(key, reply);
    }
}
