package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.ProducersOutcome;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.ListTransactionsRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.protocol.message.WriteTxnMarkersRequest;
import io.sluice.protocol.message.WriteTxnMarkersRequest.WritableTxnMarker;
import io.sluice.protocol.message.WriteTxnMarkersRequest.WritableTxnMarkerTopic;
import io.sluice.protocol.message.WriteTxnMarkersResponse;
import io.sluice.storage.api.ProducerStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code txn:}, with what Kafka's tool for transactions does (KIP-664). */
final class TransactionCommands {
    private static final List<String> PRODUCER_COLUMNS =
            List.of("producer", "epoch", "sequence", "coordinatorEpoch", "openFrom");

    private final BrokerAccess access;
    private final TopicNames names;

    TransactionCommands(BrokerAccess access, TopicNames names) {
        this.access = access;
        this.names = names;
    }

    List<Command> all() {
        return List.of(
                command(
                        "list",
                        "Transactional ids and the states of their transactions",
                        "[--state STATE] [--longer-than MS]",
                        this::list),
                command("describe", "A transaction, its producer and partitions", "TRANSACTIONAL-ID", this::describe),
                command(
                        "producers",
                        "The producers that a partition knows, and where their open transactions begin",
                        "TOPIC PARTITION",
                        this::producers),
                command(
                        "abort",
                        "Aborts a transaction that is open in a partition and that no coordinator will end",
                        "TOPIC PARTITION --from OFFSET",
                        this::abort));
    }

    private Command command(String verb, String summary, String usage, SimpleCommand.Action action) {
        boolean ofTopic = verb.equals("producers") || verb.equals("abort");
        return new SimpleCommand(
                "txn",
                verb,
                summary,
                usage,
                action,
                words -> ofTopic && words.isEmpty() ? names.complete() : List.of());
    }

    private int list(Invocation invocation) throws CommandException {
        ListTransactionsRequest request = new ListTransactionsRequest();
        String state = invocation.option("state");
        if (state != null) {
            request.setStateFilters(List.of(state));
        }
        String longerThan = invocation.option("longer-than");
        if (longerThan != null) {
            request.setDurationFilter(Answers.number(longerThan, "--longer-than"));
        }
        ListTransactionsResponse answer =
                access.send(ApiKey.LIST_TRANSACTIONS, request, ListTransactionsResponse.class);
        Answers.require(answer.errorCode(), "the transactions cannot be listed");
        if (!answer.unknownStateFilters().isEmpty()) {
            throw new CommandException(
                    2,
                    "there is no state " + state + "; the states are Empty, Ongoing, PrepareCommit, PrepareAbort, "
                            + "CompleteCommit, CompleteAbort and PrepareEpochFence");
        }
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        for (ListTransactionsResponse.TransactionState found : answer.transactionStates()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("transaction", found.transactionalId());
            row.put("producer", found.producerId());
            row.put("state", found.transactionState());
            rows.put(found.transactionalId(), row);
        }
        invocation.table(List.of("transaction", "producer", "state"), List.copyOf(rows.values()));
        return 0;
    }

    private int describe(Invocation invocation) throws CommandException {
        String id = invocation.arguments().get(0);
        DescribeTransactionsResponse.TransactionState found = access.send(
                        ApiKey.DESCRIBE_TRANSACTIONS,
                        new DescribeTransactionsRequest().setTransactionalIds(List.of(id)),
                        DescribeTransactionsResponse.class)
                .transactionStates()
                .get(0);
        if (found.errorCode() == ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code()) {
            throw new CommandException(1, "there is no transactional id " + id + "; txn:list shows them");
        }
        Answers.require(found.errorCode(), id + " cannot be described");
        List<String> partitions = new ArrayList<>();
        found.topics().forEach(topic -> topic.partitions()
                .forEach(partition -> partitions.add(topic.topic() + "-" + partition)));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("transaction", id);
        facts.put("state", found.transactionState());
        facts.put("producer", found.producerId());
        facts.put("epoch", found.producerEpoch());
        facts.put("timeoutMs", found.transactionTimeoutMs());
        facts.put("beganMs", found.transactionStartTimeMs() < 0L ? null : found.transactionStartTimeMs());
        facts.put("partitions", String.join(" ", partitions));
        invocation.object(facts);
        return 0;
    }

    private TopicPartition partition(Invocation invocation) throws CommandException {
        String topic = names.require(invocation.arguments().get(0)).name();
        return new TopicPartition(
                topic, Answers.smallNumber(invocation.arguments().get(1), "PARTITION"));
    }

    private List<ProducerStatus> producers(TopicPartition partition) throws CommandException {
        ProducersOutcome outcome = access.partitions().producers(partition);
        Answers.require(outcome.error().code(), "the producers of " + partition + " are not known");
        return outcome.producers();
    }

    private int producers(Invocation invocation) throws CommandException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ProducerStatus producer : producers(partition(invocation))) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("producer", producer.producerId());
            row.put("epoch", producer.producerEpoch());
            row.put("sequence", producer.lastSequence());
            row.put("coordinatorEpoch", producer.coordinatorEpoch());
            row.put("openFrom", producer.currentTxnStartOffset() < 0L ? null : producer.currentTxnStartOffset());
            rows.add(row);
        }
        invocation.table(PRODUCER_COLUMNS, rows);
        return 0;
    }

    private int abort(Invocation invocation) throws CommandException {
        TopicPartition partition = partition(invocation);
        String from = invocation.option("from");
        if (from == null) {
            throw new CommandException(
                    2, "--from is missing: the offset at which the transaction begins, see txn:producers");
        }
        long offset = Answers.number(from, "--from");
        for (ProducerStatus producer : producers(partition)) {
            if (producer.currentTxnStartOffset() == offset) {
                abort(partition, producer);
                invocation
                        .out()
                        .println("aborted what producer " + producer.producerId() + " had open in " + partition
                                + " from offset " + offset + " on");
                return 0;
            }
        }
        throw new CommandException(
                1,
                "no transaction begins at offset " + offset + " of " + partition
                        + "; txn:producers shows what is open");
    }

    private void abort(TopicPartition partition, ProducerStatus producer) throws CommandException {
        WritableTxnMarker marker = new WritableTxnMarker()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setTransactionResult(false)
                .setCoordinatorEpoch(Math.max(0, producer.coordinatorEpoch()))
                .setTopics(List.of(new WritableTxnMarkerTopic()
                        .setName(partition.topic())
                        .setPartitionIndexes(List.of(partition.partition()))));
        short code = access.send(
                        ApiKey.WRITE_TXN_MARKERS,
                        new WriteTxnMarkersRequest().setMarkers(List.of(marker)),
                        WriteTxnMarkersResponse.class)
                .markers()
                .get(0)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
        Answers.require(code, "the transaction was not aborted");
    }
}
