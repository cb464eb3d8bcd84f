package io.sluice.handlers.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.storage.api.AbortedTransaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch is about: the partitions that it reads, and how its answer is put together.
 *
 * @param session null for a fetch without one
 * @param incremental true when the answer leaves out partitions of which there is no news
 */
record FetchContext(
        ErrorCode error,
        @Nullable FetchSession session,
        boolean incremental,
        boolean readCommitted,
        List<FetchPart> parts) {
    static FetchContext refused(ErrorCode error) {
        return new FetchContext(error, null, false, false, List.of());
    }

    int sessionId() {
        return session == null ? 0 : session.id();
    }

    FetchResponse answer(List<FetchOutcome> outcomes) {
        List<FetchResponse.FetchableTopicResponse> topics = new ArrayList<>();
        FetchResponse.@Nullable FetchableTopicResponse topic = null;
        for (int i = 0; i < outcomes.size(); i++) {
            FetchPart part = parts.get(i);
            SessionPartition cached = part.cached();
            FetchOutcome outcome = outcomes.get(i);
            boolean news = cached.isNews(outcome);
            if (incremental && !news) {
                outcome.records().release();
                continue;
            }
            if (topic == null
                    || !topic.topic().equals(cached.topic())
                    || !topic.topicId().equals(cached.topicId())) {
                topic = new FetchResponse.FetchableTopicResponse()
                        .setTopic(cached.topic())
                        .setTopicId(cached.topicId())
                        .setPartitions(new ArrayList<>(4));
                topics.add(topic);
            }
            topic.partitions().add(answer(cached.partition(), outcome));
            if (session != null && outcome.records().sizeInBytes() > 0) {
                session.moveToEnd(cached);
            }
        }
        return new FetchResponse().setSessionId(sessionId()).setResponses(topics);
    }

    private FetchResponse.PartitionData answer(int partition, FetchOutcome outcome) {
        FetchResponse.PartitionData data = new FetchResponse.PartitionData()
                .setPartitionIndex(partition)
                .setErrorCode(outcome.error().code())
                .setHighWatermark(outcome.highWatermark())
                .setLastStableOffset(outcome.lastStableOffset())
                .setLogStartOffset(outcome.logStartOffset())
                .setAbortedTransactions(readCommitted ? aborted(outcome) : null)
                .setRecords(outcome.records());
        if (outcome.divergingEpoch() >= 0) {
            data.setDivergingEpoch(new FetchResponse.EpochEndOffset()
                    .setEpoch(outcome.divergingEpoch())
                    .setEndOffset(outcome.divergingEndOffset()));
        }
        return data;
    }

    private static List<FetchResponse.AbortedTransaction> aborted(FetchOutcome outcome) {
        if (outcome.abortedTransactions().isEmpty()) {
            return List.of();
        }
        List<FetchResponse.AbortedTransaction> answer =
                new ArrayList<>(outcome.abortedTransactions().size());
        for (AbortedTransaction one : outcome.abortedTransactions()) {
            answer.add(new FetchResponse.AbortedTransaction()
                    .setProducerId(one.producerId())
                    .setFirstOffset(one.firstOffset()));
        }
        return answer;
    }
}
