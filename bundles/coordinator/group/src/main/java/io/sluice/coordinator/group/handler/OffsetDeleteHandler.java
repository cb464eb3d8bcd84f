package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.OffsetDeleteRequest;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.sluice.protocol.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.sluice.protocol.message.OffsetDeleteResponse;
import io.sluice.protocol.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.sluice.protocol.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** OffsetDelete (KIP-496). */
@Component(service = ApiHandler.class)
public final class OffsetDeleteHandler implements ApiHandler {
    private final GroupCoordinator groups;

    @Activate
    public OffsetDeleteHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.OFFSET_DELETE;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        OffsetDeleteRequest delete = request.read(new OffsetDeleteRequest());
        Answer<OffsetDeleteResponse> plain =
                new Answer<>(request, error -> new OffsetDeleteResponse().setErrorCode(error.code()));
        if (!request.mayDo(Operation.DELETE, Resource.group(delete.groupId()))) {
            plain.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
            return;
        }
        if (delete.groupId().isEmpty()) {
            plain.refuse(ErrorCode.INVALID_GROUP_ID);
            return;
        }
        List<OffsetDeleteResponseTopic> sortedOut = new ArrayList<>();
        List<OffsetDeleteRequestTopic> good = new ArrayList<>();
        for (OffsetDeleteRequestTopic topic : delete.topics()) {
            sort(request, topic, good, sortedOut);
        }
        delete.setTopics(good);
        Reply<OffsetDeleteResponse> reply = new Completed(plain, sortedOut);
        groups.submit(delete.groupId(), reply, (shard, turn) -> shard.removals().deleteOffsets(turn, delete, reply));
    }

    /** Adds what was sorted out, unless the whole was refused. Clients keep one answer for a topic, so that there must not be two. */
    private record Completed(Reply<OffsetDeleteResponse> reply, List<OffsetDeleteResponseTopic> sortedOut)
            implements Reply<OffsetDeleteResponse> {
        @Override
        public void answer(OffsetDeleteResponse outcome) {
            if (outcome.errorCode() == ErrorCode.NONE.code()) {
                Map<String, OffsetDeleteResponseTopic> all = new LinkedHashMap<>();
                for (OffsetDeleteResponseTopic topic : sortedOut) {
                    add(all, topic);
                }
                for (OffsetDeleteResponseTopic topic : outcome.topics()) {
                    add(all, topic);
                }
                outcome.setTopics(List.copyOf(all.values()));
            }
            reply.answer(outcome);
        }

        private static void add(Map<String, OffsetDeleteResponseTopic> all, OffsetDeleteResponseTopic topic) {
            all.computeIfAbsent(topic.name(), name -> new OffsetDeleteResponseTopic()
                            .setName(name)
                            .setPartitions(new ArrayList<>()))
                    .partitions()
                    .addAll(topic.partitions());
        }

        @Override
        public void refuse(ErrorCode error) {
            reply.refuse(error);
        }
    }

    private void sort(
            Request request,
            OffsetDeleteRequestTopic topic,
            List<OffsetDeleteRequestTopic> good,
            List<OffsetDeleteResponseTopic> sortedOut) {
        if (!request.mayDo(Operation.READ, Resource.topic(topic.name()))) {
            sortedOut.add(refused(topic.name(), topic.partitions(), ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            return;
        }
        TopicImage found = groups.image().topic(topic.name());
        int count = found == null ? 0 : found.partitions().size();
        List<OffsetDeleteRequestPartition> known = new ArrayList<>();
        List<OffsetDeleteRequestPartition> unknown = new ArrayList<>();
        for (OffsetDeleteRequestPartition partition : topic.partitions()) {
            boolean exists = partition.partitionIndex() >= 0 && partition.partitionIndex() < count;
            (exists ? known : unknown).add(partition);
        }
        if (!unknown.isEmpty()) {
            sortedOut.add(refused(topic.name(), unknown, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        if (!known.isEmpty()) {
            good.add(new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(known));
        }
    }

    private static OffsetDeleteResponseTopic refused(
            String topic, List<OffsetDeleteRequestPartition> partitions, ErrorCode error) {
        List<OffsetDeleteResponsePartition> refused = new ArrayList<>(partitions.size());
        for (OffsetDeleteRequestPartition partition : partitions) {
            refused.add(new OffsetDeleteResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(error.code()));
        }
        return new OffsetDeleteResponseTopic().setName(topic).setPartitions(refused);
    }
}
