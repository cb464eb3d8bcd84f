package io.sluice.coordinator.txn.marker;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the markers of transactions into partitions of this broker. What is refused for a reason that passes is tried again, at first soon and then
 * each second. A partition whose topic is gone needs no marker, and neither does one that has seen a later epoch of the producer: nothing of this
 * transaction can be open there. One that has seen a later coordinator is that one's: from here it gets no marker, nor is it told of as done.
 */
public final class PartitionMarkers implements MarkerWriter {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionMarkers.class);
    private static final long BACKOFF_MS = 10L;
    private static final long BACKOFF_MAX_MS = 1_000L;
    private static final long REPORT_MS = 60_000L;
    private static final int PARTITIONS_NAMED = 3;

    private final MarkerAppends appends;
    private final Predicate<TopicPartition> exists;
    private final Scheduler scheduler;
    private final Time time;

    /** @param exists whether the metadata knows a partition */
    public PartitionMarkers(MarkerAppends appends, Predicate<TopicPartition> exists, Scheduler scheduler, Time time) {
        this.appends = appends;
        this.exists = exists;
        this.scheduler = scheduler;
        this.time = time;
    }

    @Override
    public Job write(Markers markers, Consumer<Collection<TopicPartition>> done) {
        Writing writing = new Writing(markers, done);
        writing.attempt(markers.partitions());
        return writing;
    }

    private final class Writing implements Job {
        private final Markers markers;
        private final Consumer<Collection<TopicPartition>> done;
        private boolean cancelled;
        private long backoffMs = BACKOFF_MS;
        private long quietUntilMs;

        Writing(Markers markers, Consumer<Collection<TopicPartition>> done) {
            this.markers = markers;
            this.done = done;
        }

        /** The next coordinator may write the same markers, and the producer go on after that: nothing may come later from here. */
        @Override
        public synchronized void cancel() {
            cancelled = true;
        }

        void attempt(Set<TopicPartition> partitions) {
            CompletableFuture<Map<TopicPartition, ErrorCode>> outcomes;
            synchronized (this) {
                if (cancelled) {
                    return;
                }
                outcomes = appends.append(markers.of(partitions));
            }
            outcomes.thenAccept(this::settle);
        }

        private void settle(Map<TopicPartition, ErrorCode> outcomes) {
            List<TopicPartition> written = new ArrayList<>(outcomes.size());
            Map<TopicPartition, ErrorCode> refused = new HashMap<>();
            outcomes.forEach((partition, error) -> {
                if (isDone(partition, error)) {
                    written.add(partition);
                } else if (error != ErrorCode.TRANSACTION_COORDINATOR_FENCED) {
                    refused.put(partition, error);
                }
            });
            if (!written.isEmpty()) {
                done.accept(written);
            }
            if (!refused.isEmpty()) {
                long delayMs = backoffMs;
                report(refused, delayMs);
                backoffMs = Math.min(BACKOFF_MAX_MS, 2L * delayMs);
                scheduler.schedule(delayMs, () -> attempt(refused.keySet()));
            }
        }

        private boolean isDone(TopicPartition partition, ErrorCode error) {
            return switch (error) {
                case NONE -> true;
                case INVALID_PRODUCER_EPOCH -> {
                    LOG.info(
                            "{} has seen a later epoch of producer {} than {}: its transaction has ended there",
                            partition,
                            markers.producerId(),
                            markers.producerEpoch());
                    yield true;
                }
                case TRANSACTION_COORDINATOR_FENCED -> {
                    LOG.warn(
                            "{} has seen a later coordinator of producer {} than that of epoch {}, which leaves the rest to it",
                            partition,
                            markers.producerId(),
                            markers.coordinatorEpoch());
                    yield false;
                }
                default -> !exists.test(partition);
            };
        }

        /** What passes by itself is no news, unless it takes long; and what is known already is news once a minute. */
        private void report(Map<TopicPartition, ErrorCode> refused, long delayMs) {
            boolean passes =
                    delayMs < BACKOFF_MAX_MS && refused.values().stream().allMatch(ErrorCode::retriable);
            long nowMs = time.milliseconds();
            if (!passes && nowMs >= quietUntilMs) {
                quietUntilMs = nowMs + REPORT_MS;
                LOG.warn(
                        "the end of a transaction of producer {} could not be written into {} of its partitions and is tried again: {}",
                        markers.producerId(),
                        refused.size(),
                        refused.entrySet().stream()
                                .limit(PARTITIONS_NAMED)
                                .map(entry -> entry.getKey() + " " + entry.getValue())
                                .collect(Collectors.joining(
                                        ", ", "", refused.size() > PARTITIONS_NAMED ? ", ..." : "")));
            }
        }
    }
}
