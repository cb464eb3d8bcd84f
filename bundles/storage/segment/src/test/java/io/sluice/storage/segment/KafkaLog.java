package io.sluice.storage.segment;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AbortedTxn;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.RequestLocal;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.apache.kafka.storage.internals.log.FetchDataInfo;
import org.apache.kafka.storage.internals.log.LogAppendInfo;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogStartOffsetIncrementReason;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.log.VerificationGuard;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/** Apache Kafka's own log over a folder, asked as ours is. */
final class KafkaLog implements AutoCloseable {
    private static final int EXPIRATION_MS = 86_400_000;

    private final File folder;
    private final Time time;
    private final Map<String, String> config = new HashMap<>();
    private UnifiedLog log;

    /** What an append gave: an error, or the offset of the first record. */
    record Appended(Errors error, long firstOffset) {}

    /** A producer: epoch, last sequence, last timestamp, coordinator's epoch, start of its transaction or -1. */
    record Producer(short epoch, int lastSequence, long timestampMs, int coordinatorEpoch, long transactionStart) {}

    KafkaLog(File folder, io.sluice.base.Time clock, Map<String, String> config) throws IOException {
        this.folder = folder;
        this.time = (Time) Proxy.newProxyInstance(
                Time.class.getClassLoader(),
                new Class<?>[] {Time.class},
                (proxy, method, arguments) -> method.getName().equals("milliseconds")
                        ? clock.milliseconds()
                        : method.invoke(Time.SYSTEM, arguments));
        this.config.putAll(config);
        this.log = open(0L, true);
    }

    private UnifiedLog open(long logStartOffset, boolean clean) throws IOException {
        return UnifiedLog.create(
                folder,
                new LogConfig(config),
                logStartOffset,
                0L,
                new NoScheduler(),
                new BrokerTopicStats(),
                time,
                EXPIRATION_MS,
                new ProducerStateManagerConfig(EXPIRATION_MS, false),
                EXPIRATION_MS,
                new LogDirFailureChannel(1),
                clean,
                Optional.empty());
    }

    void reopen(boolean clean) throws IOException {
        long start = log.logStartOffset();
        log.close();
        log = open(start, clean);
    }

    Appended append(ByteBuffer batches, boolean client, int leaderEpoch, int transactionVersion) {
        try {
            LogAppendInfo info = log.appendAsLeader(
                    MemoryRecords.readableRecords(batches),
                    leaderEpoch,
                    client ? AppendOrigin.CLIENT : AppendOrigin.COORDINATOR,
                    RequestLocal.noCaching(),
                    VerificationGuard.SENTINEL,
                    (short) transactionVersion);
            return new Appended(Errors.NONE, info.firstOffset());
        } catch (ApiException e) {
            return new Appended(Errors.forException(e), -1L);
        }
    }

    long start() {
        return log.logStartOffset();
    }

    long end() {
        return log.logEndOffset();
    }

    long stable(long highWatermark) throws IOException {
        log.updateHighWatermark(highWatermark);
        return log.lastStableOffset();
    }

    List<AbortedTxn> aborted(long from, long to) {
        List<AbortedTxn> found = new ArrayList<>(log.collectAbortedTransactions(from, to));
        found.removeIf(one -> one.lastOffset() < from || one.firstOffset() >= to);
        found.sort(java.util.Comparator.comparingLong(AbortedTxn::lastOffset));
        return found;
    }

    /** What a reader of committed records was given: up to where, and which transactions it was told of. */
    record CommittedRead(long end, List<FetchResponseData.AbortedTransaction> aborted) {
        Set<String> abortedBelow(long offset) {
            Set<String> found = new TreeSet<>();
            for (FetchResponseData.AbortedTransaction one : aborted) {
                if (one.firstOffset() < offset) {
                    found.add(one.producerId() + " " + one.firstOffset());
                }
            }
            return found;
        }
    }

    CommittedRead readCommitted(long from, int maxBytes) throws IOException {
        FetchDataInfo read = log.read(from, maxBytes, FetchIsolation.TXN_COMMITTED, true);
        long end = from;
        for (RecordBatch batch : read.records.batches()) {
            end = batch.nextOffset();
        }
        return new CommittedRead(end, read.abortedTransactions.orElseThrow());
    }

    Map<Long, Producer> producers() {
        Map<Long, Producer> found = new TreeMap<>();
        for (Map.Entry<Long, ProducerStateEntry> one :
                log.producerStateManager().activeProducers().entrySet()) {
            ProducerStateEntry entry = one.getValue();
            int sequence = -1;
            for (BatchMetadata batch : entry.batchMetadata()) {
                sequence = batch.lastSeq();
            }
            found.put(
                    one.getKey(),
                    new Producer(
                            entry.producerEpoch(),
                            sequence,
                            entry.lastTimestamp(),
                            entry.coordinatorEpoch(),
                            entry.currentTxnFirstOffset().orElse(-1L)));
        }
        return found;
    }

    void truncateTo(long offset) {
        log.truncateTo(offset);
    }

    void startAt(long offset) {
        log.maybeIncrementLogStartOffset(offset, LogStartOffsetIncrementReason.ClientRecordDeletion);
    }

    @Override
    public void close() {
        log.close();
    }

    /** Background work is of no concern here. */
    private static final class NoScheduler implements Scheduler {
        @Override
        public void startup() {}

        @Override
        public void shutdown() {}

        @Override
        public ScheduledFuture<?> schedule(String name, Runnable task, long delayMs, long periodMs) {
            return new Never();
        }

        @Override
        public void resizeThreadPool(int threads) {}
    }

    private static final class Never extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        @Override
        public long getDelay(TimeUnit unit) {
            return Long.MAX_VALUE;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
