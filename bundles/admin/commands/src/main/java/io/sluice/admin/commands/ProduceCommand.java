package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.base.ErrorCode;
import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordHeader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code record:produce}: each line of the input, or each {@code --value}, becomes a record; acknowledged by all in-sync replicas. */
final class ProduceCommand implements Command {
    private static final short ALL = -1;
    private static final int TIMEOUT_MS = 30_000;
    private static final int BATCH_RECORDS = 500;
    private static final int BATCH_BYTES = 256 * 1024;

    private final BrokerAccess access;
    private final TopicNames names;
    private final Time time;

    ProduceCommand(BrokerAccess access, TopicNames names, Time time) {
        this.access = access;
        this.names = names;
        this.time = time;
    }

    @Override
    public String noun() {
        return "record";
    }

    @Override
    public String verb() {
        return "produce";
    }

    @Override
    public String summary() {
        return "Writes records: each line of the input, or each --value";
    }

    @Override
    public String usage() {
        return "TOPIC [--value TEXT]... [--key TEXT] [--key-separator TEXT] [--header KEY=VALUE]... [--partition N]";
    }

    @Override
    public List<String> complete(List<String> words) {
        return names.first(words);
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        TopicImage topic = names.require(invocation.arguments().get(0));
        Batches batches = new Batches(topic, partition(invocation, topic), headers(invocation));
        List<String> values = invocation.options("value");
        if (!values.isEmpty()) {
            for (String value : values) {
                batches.add(invocation.option("key"), value);
            }
        } else {
            readLines(invocation, batches);
        }
        batches.flush();
        if (invocation.json()) {
            invocation.object(
                    Map.of("topic", topic.name(), "records", batches.records, "offsets", batches.lastOffsets()));
        } else {
            invocation
                    .out()
                    .println(batches.records + (batches.records == 1 ? " record" : " records") + " written to "
                            + topic.name() + batches.where());
        }
        return 0;
    }

    private void readLines(Invocation invocation, Batches batches) throws IOException, CommandException {
        String separator = invocation.option("key-separator");
        BufferedReader lines = new BufferedReader(new InputStreamReader(invocation.in(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !invocation.interrupted(); line = lines.readLine()) {
            int cut = separator == null ? -1 : line.indexOf(separator);
            if (separator == null || cut < 0) {
                batches.add(invocation.option("key"), line);
            } else {
                batches.add(line.substring(0, cut), line.substring(cut + separator.length()));
            }
            if (!lines.ready()) {
                batches.flush();
            }
        }
    }

    private static int partition(Invocation invocation, TopicImage topic) throws CommandException {
        String given = invocation.option("partition");
        if (given == null) {
            return -1;
        }
        int partition = Answers.smallNumber(given, "--partition");
        if (partition < 0 || partition >= topic.partitions().size()) {
            throw new CommandException(
                    1,
                    topic.name() + " has the partitions 0 to "
                            + (topic.partitions().size() - 1));
        }
        return partition;
    }

    private static List<RecordHeader> headers(Invocation invocation) throws CommandException {
        List<RecordHeader> headers = new ArrayList<>();
        for (String header : invocation.options("header")) {
            String[] pair = Answers.pair(header, "--header");
            headers.add(new RecordHeader(pair[0], bytes(pair[1])));
        }
        return headers;
    }

    private static @Nullable ByteBuffer bytes(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The records that are not written yet, a batch for each partition. */
    private final class Batches {
        private final TopicImage topic;
        private final int fixed;
        private final List<RecordHeader> headers;
        private final Map<Integer, RecordBatchBuilder> open = new TreeMap<>();
        private final Map<Integer, Long> written = new TreeMap<>();
        private int nextWithoutKey;
        private int pending;
        private long records;

        Batches(TopicImage topic, int fixed, List<RecordHeader> headers) {
            this.topic = topic;
            this.fixed = fixed;
            this.headers = headers;
        }

        void add(@Nullable String key, String value) throws CommandException {
            ByteBuffer keyBytes = bytes(key);
            int partition = choose(keyBytes);
            RecordBatchBuilder batch = open.computeIfAbsent(partition, ignored -> new RecordBatchBuilder());
            batch.append(keyBytes, bytes(value), headers, time.milliseconds());
            pending++;
            if (pending >= BATCH_RECORDS || batch.sizeInBytes() >= BATCH_BYTES) {
                flush();
            }
        }

        private int choose(@Nullable ByteBuffer key) {
            if (fixed >= 0) {
                return fixed;
            }
            int partitions = topic.partitions().size();
            return key == null ? nextWithoutKey % partitions : KeyPartitioner.partitionFor(key.array(), partitions);
        }

        void flush() throws CommandException {
            if (pending == 0) {
                return;
            }
            List<AppendEntry> entries = new ArrayList<>();
            open.forEach((partition, batch) -> entries.add(
                    new AppendEntry(new TopicPartition(topic.name(), partition), topic.id(), batch.build())));
            AppendTicket ticket = access.partitions().append(entries, ALL, TIMEOUT_MS, AppendOrigin.CLIENT);
            await(ticket);
            for (int i = 0; i < ticket.size(); i++) {
                AppendOutcome outcome = ticket.outcome(i);
                TopicPartition partition = ticket.entry(i).partition();
                if (outcome.error() != ErrorCode.NONE) {
                    throw new CommandException(
                            1,
                            Answers.sentence(outcome.error().code(), outcome.message(), "not written to " + partition));
                }
                written.put(partition.partition(), outcome.lastOffset());
            }
            records += pending;
            pending = 0;
            open.clear();
            nextWithoutKey++;
        }

        private void await(AppendTicket ticket) throws CommandException {
            CountDownLatch complete = new CountDownLatch(1);
            ticket.whenComplete(complete::countDown);
            try {
                if (!complete.await(TIMEOUT_MS + 5_000L, TimeUnit.MILLISECONDS)) {
                    throw new CommandException(1, "the broker did not answer in time; doctor says what is wrong");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException(1, "interrupted");
            }
        }

        String where() {
            StringBuilder where = new StringBuilder();
            written.forEach((partition, offset) -> where.append(where.length() == 0 ? ", last at " : ", ")
                    .append(partition)
                    .append('@')
                    .append(offset));
            return where.toString();
        }

        Map<String, Long> lastOffsets() {
            Map<String, Long> offsets = new TreeMap<>();
            written.forEach((partition, offset) -> offsets.put(String.valueOf(partition), offset));
            return offsets;
        }
    }
}
