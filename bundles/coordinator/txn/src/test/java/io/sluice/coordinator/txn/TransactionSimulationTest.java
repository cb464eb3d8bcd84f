package io.sluice.coordinator.txn;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.txn.SimulatedTransactions.Marker;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A producer of the second protocol through restarts, appends that fail before or after they are written, and repeated requests, in orders that a
 * seed chooses. Each epoch belongs to one transaction, so the markers tell what became of it: never both, and what was answered.
 */
final class TransactionSimulationTest {
    private static final int STEPS = 120;

    static List<Long> seeds() {
        return java.util.stream.LongStream.range(0, Integer.getInteger("simulation.seeds", 60))
                .boxed()
                .toList();
    }

    /** What the producer knows of one transaction. */
    private static final class Attempted {
        final Set<Integer> partitions = new TreeSet<>();
        /** Where it is not known whether it was added: nothing was written there. */
        final Set<Integer> doubtful = new TreeSet<>();

        @Nullable
        Boolean asked;

        boolean answered;
    }

    private final Map<List<Long>, Attempted> transactions = new HashMap<>();

    private Attempted attempted(IdentityOutcome producer) {
        return transactions.computeIfAbsent(
                List.of(producer.producerId(), (long) producer.producerEpoch()), key -> new Attempted());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldEndEachTransactionInOneWay(long seed) {
        RandomSource random = RandomSource.seeded(seed);
        SimulatedTransactions txn = new SimulatedTransactions(seed);
        txn.states.commitAfter(() -> random.nextInt(3));
        txn.data.commitAfter(() -> random.nextInt(4));
        IdentityOutcome producer = initialise(txn, random);
        for (int i = 0; i < STEPS; i++) {
            disturb(txn, random);
            Attempted now = attempted(producer);
            int partition = random.nextInt(4);
            Pending<ErrorCode> added = txn.addLater(producer, SimulatedTransactions.V2, partition);
            txn.scheduler.advance(random.nextInt(300));
            boolean isIn = added.isAnswered() && added.outcome() == ErrorCode.NONE;
            (isIn ? now.partitions : now.doubtful).add(partition);
            if (!isIn) {
                if (random.nextInt(3) == 0) {
                    producer = initialise(txn, random);
                }
                continue;
            }
            if (random.nextInt(3) == 0) {
                continue;
            }
            producer = end(txn, random, producer, random.nextInt(4) > 0);
        }
        txn.states.failNext(0, ErrorCode.NONE, false);
        txn.data.failNext(0, ErrorCode.NONE, false);
        txn.restart();
        txn.scheduler.advance(200_000);
        assertThat(txn.state()).isNotIn("Ongoing", "PrepareCommit", "PrepareAbort");
        check(txn.markers());
    }

    /** Asks for the end until it is known, as clients do; another producer takes over when that does not come. */
    private IdentityOutcome end(
            SimulatedTransactions txn, RandomSource random, IdentityOutcome producer, boolean commit) {
        Attempted now = attempted(producer);
        now.asked = commit;
        for (int attempt = 0; attempt < 6; attempt++) {
            disturb(txn, random);
            Pending<IdentityOutcome> ended = txn.endLater(producer, commit, SimulatedTransactions.V2);
            txn.scheduler.advance(random.nextInt(400));
            if (ended.isAnswered()) {
                IdentityOutcome outcome = ended.outcome();
                if (outcome.error() == ErrorCode.NONE) {
                    now.answered = true;
                    return outcome;
                }
                break;
            }
        }
        return initialise(txn, random);
    }

    private IdentityOutcome initialise(SimulatedTransactions txn, RandomSource random) {
        while (true) {
            Pending<IdentityOutcome> pending = txn.initLater(SimulatedTransactions.ID, -1L, -1);
            txn.scheduler.advance(500 + random.nextInt(500));
            if (pending.isAnswered() && pending.outcome().error() == ErrorCode.NONE) {
                return pending.outcome();
            }
        }
    }

    private static void disturb(SimulatedTransactions txn, RandomSource random) {
        switch (random.nextInt(20)) {
            case 0 -> txn.restart();
            case 1 -> txn.states.failNext(1, ErrorCode.NOT_ENOUGH_REPLICAS, false);
            case 2 -> txn.states.failNext(1, ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, true);
            case 3 -> txn.data.failNext(1 + random.nextInt(8), ErrorCode.NOT_LEADER_OR_FOLLOWER, false);
            case 4 -> txn.data.failNext(1 + random.nextInt(3), ErrorCode.REQUEST_TIMED_OUT, true);
            default -> {
                // nothing happens, as a rule
            }
        }
    }

    private void check(List<Marker> markers) {
        transactions.forEach((key, attempted) -> {
            // A marker carries the epoch after its transaction's.
            List<Marker> own = markers.stream()
                    .filter(marker -> marker.producerId() == key.get(0) && marker.epoch() == key.get(1) + 1)
                    .toList();
            assertThat(own.stream().map(Marker::committed).distinct())
                    .as("one end of %s", key)
                    .hasSizeLessThanOrEqualTo(1);
            if (attempted.answered) {
                Set<Integer> marked =
                        own.stream().map(Marker::partition).collect(Collectors.toCollection(TreeSet::new));
                assertThat(marked).as("partitions of %s", key).containsAll(attempted.partitions);
                marked.removeAll(attempted.partitions);
                assertThat(attempted.doubtful).as("partitions of %s", key).containsAll(marked);
                assertThat(own)
                        .as("what was answered of %s", key)
                        .allMatch(marker -> marker.committed() == Boolean.TRUE.equals(attempted.asked));
            } else if (!Boolean.TRUE.equals(attempted.asked)) {
                assertThat(own).as("nobody asked to commit %s", key).noneMatch(Marker::committed);
            }
        });
    }
}
