package io.sluice.coordinator.share.partition;

import io.sluice.base.TopicIdPartition;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.coordinator.share.state.ReadOutcome;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.StateChange;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.coordinator.share.state.StatePersister;
import io.sluice.coordinator.share.state.SummaryOutcome;

/** The share partitions of a broker in simulated time: one that leads none, and one whose states are the test's. */
public final class NoSharePartitions {
    private NoSharePartitions() {}

    public static SharePartitions led(SimulatedScheduler scheduler) {
        return led(scheduler, new NoState());
    }

    public static SharePartitions led(SimulatedScheduler scheduler, StatePersister states) {
        DeadLetterOffice nowhere = new DeadLetterOffice() {
            @Override
            public boolean serves(ShareGroupSettings of) {
                return false;
            }

            @Override
            public void send(String groupId, TopicIdPartition from, DeadLetter letter, Runnable done) {
                done.run();
            }
        };
        ShareGroupSettings settings = new ShareGroupSettings(30_000, 5, 2_000, true, false, "earliest", "", false);
        ShareEnvironment environment = new ShareEnvironment(
                states,
                new SimulatedPartitions("topic", 1, scheduler),
                scheduler,
                scheduler,
                group -> settings,
                nowhere);
        return new SharePartitions(environment, 1);
    }

    /** Knows nothing; tests override what they need. */
    public static class NoState implements StatePersister {
        @Override
        public void initialize(SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateOutcome> reply) {
            throw new UnsupportedOperationException("no partition is led");
        }

        @Override
        public void read(SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply) {
            throw new UnsupportedOperationException("no partition is led");
        }

        @Override
        public void write(SharePartitionKey key, StateChange change, Reply<StateOutcome> reply) {
            throw new UnsupportedOperationException("no partition is led");
        }

        @Override
        public void delete(SharePartitionKey key, Reply<StateOutcome> reply) {
            throw new UnsupportedOperationException("no partition is led");
        }

        @Override
        public void summarize(SharePartitionKey key, Reply<SummaryOutcome> reply) {
            throw new UnsupportedOperationException("no partition is led");
        }
    }
}
