package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code record:consume}: prints the records of a topic, from its start unless told otherwise, up to its present end or on and
 * on. With a group it begins where the group has committed, and commits what it printed.
 */
final class ConsumeCommand implements Command {
    private static final int FETCH_BYTES = 1 << 20;
    private static final int DECODED_BYTES_MAX = 64 << 20;
    private static final long LOOK_MS = 200;
    private static final long PATIENCE_LOOKS = 150;

    private final BrokerAccess access;
    private final TopicNames names;
    private final GroupOffsets groups;

    ConsumeCommand(BrokerAccess access, TopicNames names, GroupOffsets groups) {
        this.access = access;
        this.names = names;
        this.groups = groups;
    }

    @Override
    public String noun() {
        return "record";
    }

    @Override
    public String verb() {
        return "consume";
    }

    @Override
    public String summary() {
        return "Prints records, up to the present end or, with --follow, on and on";
    }

    @Override
    public String usage() {
        return "TOPIC [--from earliest|latest|OFFSET] [--max N] [--follow] [--group GROUP] [--partition N] [--keys] [--offsets] [--read-committed]";
    }

    @Override
    public List<String> complete(List<String> words) {
        String last = words.isEmpty() ? "" : words.get(words.size() - 1);
        return last.equals("--from") ? List.of("earliest", "latest") : names.first(words);
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        TopicImage topic = names.require(invocation.arguments().get(0));
        Reading reading = new Reading(invocation, topic);
        try {
            reading.run();
        } finally {
            reading.commit();
        }
        return 0;
    }

    /** One run over the partitions of a topic. */
    private final class Reading {
        private final Invocation invocation;
        private final TopicImage topic;
        private final RecordPrinter printer;
        private final boolean follow;
        private final @Nullable String group;
        private final Map<Integer, Long> next = new TreeMap<>();
        private final Map<Integer, Long> ends = new TreeMap<>();
        private final Map<TopicPartition, Long> printed = new TreeMap<>();
        private final RecordReader reader = new RecordReader();
        private long left;

        Reading(Invocation invocation, TopicImage topic) throws CommandException {
            this.invocation = invocation;
            this.topic = topic;
            this.printer = new RecordPrinter(invocation);
            this.follow = invocation.flag("follow");
            this.group = invocation.option("group");
            String max = invocation.option("max");
            this.left = max == null ? Long.MAX_VALUE : Answers.number(max, "--max");
            String only = invocation.option("partition");
            Map<TopicPartition, Long> committed = group == null ? Map.of() : groups.committed(group);
            for (int partition = 0; partition < topic.partitions().size(); partition++) {
                if (only == null || Answers.smallNumber(only, "--partition") == partition) {
                    start(partition, committed.get(new TopicPartition(topic.name(), partition)));
                }
            }
            if (next.isEmpty()) {
                throw new CommandException(1, topic.name() + " has no partition " + only);
            }
        }

        private void start(int partition, @Nullable Long committed) throws CommandException {
            TopicPartition at = new TopicPartition(topic.name(), partition);
            String from = invocation.option("from");
            long earliest = offset(at, SpecialTimestamp.EARLIEST);
            long latest = offset(at, SpecialTimestamp.LATEST);
            long start;
            if (from == null && committed != null) {
                start = committed;
            } else if (from == null || from.equals("earliest")) {
                start = earliest;
            } else {
                start = from.equals("latest") ? latest : Answers.number(from, "--from");
            }
            next.put(partition, Math.max(start, earliest));
            ends.put(partition, latest);
        }

        private long offset(TopicPartition partition, long timestamp) throws CommandException {
            OffsetOutcome outcome = access.partitions().offsetFor(partition, -1, timestamp, false);
            Answers.require(outcome.error().code(), partition + " cannot be read");
            return outcome.offset();
        }

        void run() throws CommandException, IOException {
            int fruitless = 0;
            while (left > 0 && !invocation.interrupted() && (follow || !atEnd())) {
                if (readAll()) {
                    fruitless = 0;
                    invocation.out().flush();
                } else if (fruitless == 0 && follow) {
                    awaitRecords();
                    fruitless++;
                } else if (follow || fruitless++ < PATIENCE_LOOKS) {
                    await(new CountDownLatch(1));
                } else {
                    throw new CommandException(1, topic.name() + " gives no records; doctor says what is wrong");
                }
            }
        }

        private boolean atEnd() {
            return next.entrySet().stream().allMatch(entry -> entry.getValue() >= of(ends, entry.getKey()));
        }

        private boolean readAll() throws CommandException, IOException {
            boolean progress = false;
            for (Integer partition : List.copyOf(next.keySet())) {
                if (left > 0 && (follow || of(next, partition) < of(ends, partition))) {
                    progress |= read(partition);
                }
            }
            return progress;
        }

        /** Both maps have every partition that is read. */
        private static long of(Map<Integer, Long> offsets, int partition) {
            return Objects.requireNonNull(offsets.get(partition));
        }

        private FetchPosition position(int partition) {
            return new FetchPosition(
                    new TopicIdPartition(topic.id(), topic.name(), partition),
                    of(next, partition),
                    -1,
                    -1,
                    invocation.flag("read-committed"));
        }

        private boolean read(int partition) throws CommandException, IOException {
            FetchOutcome outcome = access.partitions().fetch(position(partition), FETCH_BYTES, true);
            if (outcome.error().retriable() && outcome.error() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) {
                return false;
            }
            Answers.require(outcome.error().code(), topic.name() + "-" + partition + " cannot be read");
            ByteBuffer bytes = bytes(outcome.records());
            return bytes.hasRemaining() && print(partition, bytes);
        }

        private boolean print(int partition, ByteBuffer bytes) {
            long before = of(next, partition);
            RecordBatchIterator batches = new RecordBatchIterator(bytes);
            while (left > 0 && batches.next()) {
                RecordBatchView batch = batches.batch();
                if (!batch.isControl()) {
                    print(partition, batch);
                }
                if (left > 0) {
                    next.merge(partition, batch.nextOffset(), Math::max);
                }
            }
            return of(next, partition) > before;
        }

        private void print(int partition, RecordBatchView batch) {
            CompressionType compression = batch.compressionType();
            if (compression == CompressionType.NONE) {
                reader.reset(batch);
            } else {
                reader.reset(batch, compression.decompress(batch.payload(), DECODED_BYTES_MAX));
            }
            while (left > 0 && reader.next()) {
                if (reader.offset() >= of(next, partition)) {
                    printer.print(partition, reader);
                    left--;
                    next.put(partition, reader.offset() + 1);
                    printed.put(new TopicPartition(topic.name(), partition), reader.offset() + 1);
                }
            }
        }

        /** Waits until there is something to read or the user has enough. */
        private void awaitRecords() throws CommandException {
            CountDownLatch woken = new CountDownLatch(1);
            List<FetchPosition> positions = new ArrayList<>();
            next.keySet().forEach(partition -> positions.add(position(partition)));
            access.partitions().watch(positions, 1, woken::countDown);
            while (!await(woken) && !invocation.interrupted()) {
                invocation.out().flush();
            }
        }

        private boolean await(CountDownLatch latch) throws CommandException {
            try {
                return latch.await(LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException(1, "interrupted");
            }
        }

        void commit() throws CommandException {
            if (group != null && !printed.isEmpty()) {
                groups.commit(group, printed);
            }
        }
    }

    private static ByteBuffer bytes(Records records) throws IOException {
        try {
            if (records instanceof FileSlice slice) {
                return slice.toBuffer();
            }
            return records instanceof ByteBufferRecords inMemory ? copy(inMemory.buffer()) : ByteBuffer.allocate(0);
        } finally {
            records.release();
        }
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
        return copy.put(buffer.duplicate()).flip();
    }
}
