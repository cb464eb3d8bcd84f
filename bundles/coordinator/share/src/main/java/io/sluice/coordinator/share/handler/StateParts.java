package io.sluice.coordinator.share.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.ShareStateCoordinator;
import io.sluice.protocol.Message;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One request of brokers about the state of share partitions: each is asked of the state machine that has it, and the answers are put together by
 * topic. They are made by brokers only.
 *
 * @param <P> a partition in the answer
 * @param <T> a topic in the answer
 */
final class StateParts<P, T> {
    private final ShareStateCoordinator states;
    private final List<Part<P>> parts = new ArrayList<>();

    /** One share partition; what is asked about it is told its reply. */
    private record Part<P>(SharePartitionKey key, Question<P> question) {}

    /** Asks for one share partition. */
    @FunctionalInterface
    interface Question<P> {
        void ask(ShareStateCoordinator states, SharePartitionKey key, Gathering<P> gathering, int part);
    }

    StateParts(ShareStateCoordinator states) {
        this.states = states;
    }

    void add(String groupId, Uuid topicId, int partition, Question<P> question) {
        parts.add(new Part<>(new SharePartitionKey(groupId, topicId, partition), question));
    }

    /**
     * Asks for all, and answers.
     *
     * @param refusal an answer about one partition with an error and a word about it
     */
    void answer(
            Request request,
            BiFunction<Integer, ErrorCode, P> refusal,
            BiFunction<Uuid, List<P>, T> topic,
            Function<List<T>, Message> response) {
        boolean allowed = request.mayDo(Operation.CLUSTER_ACTION, Resource.CLUSTER);
        Gathering<P> gathering =
                new Gathering<>(parts.size(), all -> request.respond(response.apply(byTopic(all, topic))));
        for (int i = 0; i < parts.size(); i++) {
            Part<P> part = parts.get(i);
            int partition = part.key().partition();
            if (!allowed) {
                gathering.put(i, refusal.apply(partition, ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
            } else if (part.key().groupId().isEmpty()) {
                gathering.put(i, refusal.apply(partition, ErrorCode.INVALID_REQUEST));
            } else {
                part.question().ask(states, part.key(), gathering, i);
            }
        }
    }

    private List<T> byTopic(List<P> answers, BiFunction<Uuid, List<P>, T> topic) {
        Map<Uuid, List<P>> partitions = new LinkedHashMap<>();
        for (int i = 0; i < answers.size(); i++) {
            partitions
                    .computeIfAbsent(parts.get(i).key().topicId(), id -> new ArrayList<>())
                    .add(answers.get(i));
        }
        List<T> topics = new ArrayList<>(partitions.size());
        partitions.forEach((id, list) -> topics.add(topic.apply(id, list)));
        return topics;
    }

    /** A reply that becomes a part of the answer. */
    static <A, P> Reply<A> reply(
            Gathering<P> gathering, int part, Function<A, P> outcome, Function<ErrorCode, P> refusal) {
        return gathering.part(part, outcome, refusal);
    }
}
