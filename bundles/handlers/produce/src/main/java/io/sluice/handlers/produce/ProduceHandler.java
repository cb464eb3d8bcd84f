package io.sluice.handlers.produce;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ProducerTransactions;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Awaited;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Produce: every topic is authorised, its batches go to their partitions as the bytes that came, and the answer leaves
 * when all of them have what the acks ask for. Runs on the I/O thread.
 *
 * <p>A produce whose transaction has to be asked for first holds its connection until the answer is there, so that no later one of its
 * producer overtakes it. While the coordinator's bundle is being replaced it waits for the next one.
 */
@Component(service = ApiHandler.class)
public final class ProduceHandler implements ApiHandler {
    /** The client id under which Kafka's own tools may write to internal topics. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private static final String OFFSETS_TOPIC = "__consumer_offsets";
    private static final String TRANSACTIONS_TOPIC = "__transaction_state";
    /** Before it, clients do not know zstd (KIP-110). */
    private static final short FIRST_VERSION_WITH_ZSTD = 7;

    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
    private static final String NO_COORDINATOR = "this broker has no transaction coordinator";
    private static final String NO_ANSWER = "the transaction coordinator did not answer in time";
    private static final long COORDINATOR_WAIT_MS = 5_000L;
    private static final long ADMISSION_WAIT_MS = 10_000L;

    private final Partitions partitions;
    private final MetadataSource metadata;
    private final Broker broker;
    private final Awaited<ProducerTransactions> transactions = new Awaited<>();

    @Activate
    public ProduceHandler(
            @Reference Partitions partitions, @Reference MetadataSource metadata, @Reference Broker broker) {
        this.partitions = partitions;
        this.metadata = metadata;
        this.broker = broker;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setTransactions(ProducerTransactions coordinator) {
        transactions.offer(coordinator);
    }

    void unsetTransactions(ProducerTransactions coordinator) {
        transactions.withdraw(coordinator);
    }

    @Override
    public ApiKey api() {
        return ApiKey.PRODUCE;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        ProduceRequest asked = request.read(new ProduceRequest());
        List<AppendEntry> entries = new ArrayList<>(4);
        @Nullable AppendOutcome[] refused = sort(request, asked, entries);
        if (asked.transactionalId() == null || askCoordinator(request, asked, entries, refused)) {
            append(request, asked, entries, refused);
        }
    }

    private void append(
            Request request, ProduceRequest asked, List<AppendEntry> entries, @Nullable AppendOutcome[] refused) {
        AppendTicket ticket = partitions.append(entries, asked.acks(), asked.timeoutMs(), AppendOrigin.CLIENT);
        if (asked.acks() == 0) {
            acknowledgeNothing(request, ticket, refused);
        } else if (ticket.isComplete()) {
            request.respond(answer(asked, ticket, refused));
        } else {
            ticket.whenComplete(
                    request.park(new AbstractMap.SimpleImmutableEntry<>(ticket, refused), asked.timeoutMs()));
        }
    }

    /**
     * Sees to it that what belongs to a transaction may be appended.
     *
     * @return false when the request was put aside until that is known
     */
    private boolean askCoordinator(
            Request request, ProduceRequest asked, List<AppendEntry> entries, @Nullable AppendOutcome[] refused) {
        TransactionalEntries transactional = new TransactionalEntries(entries, refused, request.version());
        ProducerTransactions.Claim claim = transactional.guard(partitions, asked.transactionalId());
        if (claim == null) {
            return true;
        }
        ProducerTransactions coordinator = transactions.get();
        if (coordinator == null) {
            if (isCoordinatorInstalled()) {
                transactions.hold(request, COORDINATOR_WAIT_MS);
                return false;
            }
            transactional.refuseTransactional(ErrorCode.INVALID_TXN_STATE, NO_COORDINATOR);
            return true;
        }
        CompletableFuture<List<ErrorCode>> admission = coordinator.admit(claim);
        if (admission.isDone()) {
            transactional.admitted(transactional.guards(), outcomes(claim.partitions(), admission.join()));
            return true;
        }
        Map<TopicPartition, Long> guards = transactional.guards();
        AtomicReference<Map.Entry<Map<TopicPartition, Long>, Map<TopicPartition, ErrorCode>>> answered =
                new AtomicReference<>();
        Wakeup wakeup = request.hold(answered, ADMISSION_WAIT_MS);
        admission.thenAccept(errors -> {
            answered.set(Map.entry(guards, outcomes(claim.partitions(), errors)));
            wakeup.fire();
        });
        return false;
    }

    private static Map<TopicPartition, ErrorCode> outcomes(List<TopicPartition> claimed, List<ErrorCode> errors) {
        Map<TopicPartition, ErrorCode> outcomes = new HashMap<>();
        for (int i = 0; i < claimed.size(); i++) {
            outcomes.put(claimed.get(i), errors.get(i));
        }
        return outcomes;
    }

    private boolean isCoordinatorInstalled() {
        for (AdvertisedApi advertised : broker.advertisedApis()) {
            if (advertised.api() == ApiKey.END_TXN) {
                return true;
            }
        }
        return false;
    }

    /** Continuations: the wait for the coordinator's bundle, for its answer, or for the acks. */
    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        if (continuation instanceof Awaited.Waiting wait) {
            transactions.ended(wait);
            if (timedOut) {
                appendAdmitted(request, null);
            } else {
                handle(request);
            }
        } else if (continuation instanceof AtomicReference<?> answered) {
            appendAdmitted(request, (Map.Entry<?, ?>) answered.get());
        } else {
            Map.Entry<?, ?> waited = (Map.Entry<?, ?>) continuation;
            AppendTicket ticket = (AppendTicket) waited.getKey();
            @Nullable AppendOutcome[] refused = (@Nullable AppendOutcome[]) waited.getValue();
            request.respond(answer(request.read(new ProduceRequest()), ticket, refused));
        }
    }

    /** @param admitted guards and outcomes; null when the coordinator did not answer */
    @SuppressWarnings("unchecked") // what askCoordinator put aside
    private void appendAdmitted(Request request, Map.@Nullable Entry<?, ?> admitted) {
        ProduceRequest asked = request.read(new ProduceRequest());
        List<AppendEntry> entries = new ArrayList<>(4);
        @Nullable AppendOutcome[] refused = sort(request, asked, entries);
        TransactionalEntries transactional = new TransactionalEntries(entries, refused, request.version());
        if (admitted == null) {
            transactional.refuseTransactional(ErrorCode.NOT_ENOUGH_REPLICAS, NO_ANSWER);
        } else {
            transactional.admitted((Map<TopicPartition, Long>) admitted.getKey(), (Map<TopicPartition, ErrorCode>)
                    admitted.getValue());
        }
        append(request, asked, entries, refused);
    }

    /** A client that asks for no answer learns of an error by losing its connection, as in Kafka. */
    private static void acknowledgeNothing(Request request, AppendTicket ticket, @Nullable AppendOutcome[] refused) {
        for (AppendOutcome outcome : refused) {
            if (outcome != null) {
                request.disconnect("a produce with acks=0 was refused: " + outcome.error());
                return;
            }
        }
        if (ticket.isComplete()) {
            for (int i = 0; i < ticket.size(); i++) {
                if (ticket.outcome(i).error() != ErrorCode.NONE) {
                    request.disconnect("a produce with acks=0 was refused: "
                            + ticket.outcome(i).error());
                    return;
                }
            }
        }
        request.respondNothing();
    }

    /** Fills the entries to append; the others have their refusal at their place in the request's order. */
    private @Nullable AppendOutcome[] sort(Request request, ProduceRequest asked, List<AppendEntry> entries) {
        int count = 0;
        for (ProduceRequest.TopicProduceData topic : asked.topicData()) {
            count += topic.partitionData().size();
        }
        boolean mayWrite = mayWrite(request, asked);
        @Nullable AppendOutcome[] refused = new AppendOutcome[count];
        int at = 0;
        for (ProduceRequest.TopicProduceData topic : asked.topicData()) {
            String name = nameOf(topic);
            AppendOutcome refusal = refusalOf(request, asked, mayWrite, name);
            for (ProduceRequest.PartitionProduceData partition : topic.partitionData()) {
                Records records = partition.records();
                if (refusal == null && name != null && records instanceof ByteBufferRecords bytes) {
                    if (request.version() < FIRST_VERSION_WITH_ZSTD && isZstd(bytes.buffer())) {
                        refused[at++] = AppendOutcome.refused(
                                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                                "Produce requests up to version 6 must not use zstd");
                        continue;
                    }
                    entries.add(new AppendEntry(
                            new TopicPartition(name, partition.index()), topic.topicId(), bytes.buffer()));
                } else if (refusal != null) {
                    refused[at] = refusal;
                } else {
                    refused[at] = AppendOutcome.refused(ErrorCode.INVALID_RECORD, "there is no record batch");
                }
                at++;
            }
        }
        return refused;
    }

    private static boolean isZstd(ByteBuffer batches) {
        int at = batches.position();
        return batches.remaining() >= RecordBatchFormat.HEADER_BYTES
                && (batches.getShort(at + RecordBatchFormat.ATTRIBUTES) & RecordBatchFormat.COMPRESSION_MASK)
                        == CompressionType.ZSTD.id();
    }

    /** Transactional records must be those of a transactional id that the asker may write under; else nothing of the request is done. */
    private static boolean mayWrite(Request request, ProduceRequest asked) {
        String id = asked.transactionalId();
        if (id != null && request.mayDo(Operation.WRITE, Resource.transactionalId(id))) {
            return true;
        }
        for (ProduceRequest.TopicProduceData topic : asked.topicData()) {
            for (ProduceRequest.PartitionProduceData partition : topic.partitionData()) {
                if (partition.records() instanceof ByteBufferRecords bytes
                        && TransactionalEntries.isTransactional(bytes.buffer())) {
                    return false;
                }
            }
        }
        return true;
    }

    private @Nullable String nameOf(ProduceRequest.TopicProduceData topic) {
        Uuid id = topic.topicId();
        if (id.isZero()) {
            return topic.name();
        }
        MetadataImage image = metadata.image();
        TopicImage known = image.topic(id);
        return known == null ? null : known.name();
    }

    private static @Nullable AppendOutcome refusalOf(
            Request request, ProduceRequest asked, boolean mayWrite, @Nullable String name) {
        if (asked.acks() < -1 || asked.acks() > 1) {
            return AppendOutcome.refused(ErrorCode.INVALID_REQUIRED_ACKS, null);
        }
        if (!mayWrite) {
            return AppendOutcome.refused(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, null);
        }
        if (name == null || (name.isEmpty() && request.version() >= FIRST_VERSION_WITH_TOPIC_IDS)) {
            return AppendOutcome.refused(ErrorCode.UNKNOWN_TOPIC_ID, null);
        }
        if (!request.mayDo(Operation.WRITE, Resource.topic(name))) {
            return AppendOutcome.refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED, null);
        }
        boolean internal = name.equals(OFFSETS_TOPIC) || name.equals(TRANSACTIONS_TOPIC);
        if (internal && !ADMIN_CLIENT_ID.equals(request.clientId())) {
            return AppendOutcome.refused(ErrorCode.INVALID_TOPIC_EXCEPTION, "topic " + name + " is internal");
        }
        return null;
    }

    private static ProduceResponse answer(
            ProduceRequest asked, AppendTicket ticket, @Nullable AppendOutcome[] refused) {
        List<ProduceResponse.TopicProduceResponse> topics =
                new ArrayList<>(asked.topicData().size());
        int at = 0;
        int appended = 0;
        for (ProduceRequest.TopicProduceData topic : asked.topicData()) {
            List<ProduceResponse.PartitionProduceResponse> answers =
                    new ArrayList<>(topic.partitionData().size());
            for (ProduceRequest.PartitionProduceData partition : topic.partitionData()) {
                AppendOutcome outcome = refused[at++];
                answers.add(answer(partition.index(), outcome == null ? ticket.outcome(appended++) : outcome));
            }
            topics.add(new ProduceResponse.TopicProduceResponse()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitionResponses(answers));
        }
        return new ProduceResponse().setResponses(topics);
    }

    private static ProduceResponse.PartitionProduceResponse answer(int index, AppendOutcome outcome) {
        ProduceResponse.PartitionProduceResponse answer = new ProduceResponse.PartitionProduceResponse()
                .setIndex(index)
                .setErrorCode(outcome.error().code())
                .setBaseOffset(outcome.baseOffset())
                .setLogAppendTimeMs(outcome.logAppendTimeMs())
                .setLogStartOffset(outcome.logStartOffset())
                .setErrorMessage(outcome.message());
        if (!outcome.recordErrors().isEmpty()) {
            List<ProduceResponse.BatchIndexAndErrorMessage> errors = new ArrayList<>();
            for (AppendOutcome.RecordError error : outcome.recordErrors()) {
                errors.add(new ProduceResponse.BatchIndexAndErrorMessage()
                        .setBatchIndex(error.batchIndex())
                        .setBatchIndexErrorMessage(error.message()));
            }
            answer.setRecordErrors(errors);
        }
        return answer;
    }
}
