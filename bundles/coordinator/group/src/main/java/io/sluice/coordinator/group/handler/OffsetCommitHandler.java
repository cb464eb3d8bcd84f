package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.GroupCoordinator;
import io.sluice.coordinator.group.offset.OffsetCommits;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** OffsetCommit. Topics that may not be committed to, or are not there, are sorted out before the coordinator sees the request. */
@Component(service = ApiHandler.class)
public final class OffsetCommitHandler implements ApiHandler {
    private static final short FIRST_VERSION_WITH_TOPIC_IDS = 10;

    private final GroupCoordinator groups;

    @Activate
    public OffsetCommitHandler(@Reference GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKey api() {
        return ApiKey.OFFSET_COMMIT;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        OffsetCommitRequest commit = request.read(new OffsetCommitRequest());
        if (!request.mayDo(Operation.READ, Resource.group(commit.groupId()))) {
            request.respond(OffsetCommits.refused(commit, ErrorCode.GROUP_AUTHORIZATION_FAILED));
            return;
        }
        List<OffsetCommitResponseTopic> sortedOut = new ArrayList<>();
        commit.setTopics(sort(request, commit, sortedOut));
        if (commit.topics().isEmpty()) {
            request.respond(new OffsetCommitResponse().setTopics(sortedOut));
            return;
        }
        Reply<OffsetCommitResponse> reply = new Completed(request, commit, sortedOut);
        short version = request.version();
        groups.submit(commit.groupId(), reply, (shard, turn) -> shard.commits().commit(turn, commit, version, reply));
    }

    /** Adds what was sorted out to the coordinator's answer. */
    private record Completed(Request request, OffsetCommitRequest commit, List<OffsetCommitResponseTopic> sortedOut)
            implements Reply<OffsetCommitResponse> {
        @Override
        public void answer(OffsetCommitResponse outcome) {
            List<OffsetCommitResponseTopic> all = new ArrayList<>(outcome.topics());
            all.addAll(sortedOut);
            request.respond(outcome.setTopics(all));
        }

        @Override
        public void refuse(ErrorCode error) {
            answer(OffsetCommits.refused(commit, error));
        }
    }

    private List<OffsetCommitRequestTopic> sort(
            Request request, OffsetCommitRequest commit, List<OffsetCommitResponseTopic> sortedOut) {
        MetadataImage image = groups.image();
        boolean byId = request.version() >= FIRST_VERSION_WITH_TOPIC_IDS;
        List<OffsetCommitRequestTopic> good = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : commit.topics()) {
            TopicImage found = byId ? image.topic(topic.topicId()) : image.topic(topic.name());
            if (found == null && byId) {
                sortedOut.add(OffsetCommits.refused(topic, ErrorCode.UNKNOWN_TOPIC_ID));
                continue;
            }
            if (found != null) {
                topic.setName(found.name()).setTopicId(found.id());
            }
            if (!request.mayDo(Operation.READ, Resource.topic(topic.name()))) {
                sortedOut.add(OffsetCommits.refused(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
            } else if (found == null) {
                sortedOut.add(OffsetCommits.refused(topic, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
            } else {
                sortPartitions(topic, found, good, sortedOut);
            }
        }
        return good;
    }

    private static void sortPartitions(
            OffsetCommitRequestTopic topic,
            TopicImage found,
            List<OffsetCommitRequestTopic> good,
            List<OffsetCommitResponseTopic> sortedOut) {
        List<OffsetCommitRequestPartition> known = new ArrayList<>();
        List<OffsetCommitRequestPartition> unknown = new ArrayList<>();
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            int index = partition.partitionIndex();
            boolean exists = index >= 0 && index < found.partitions().size();
            (exists ? known : unknown).add(partition);
        }
        if (!known.isEmpty()) {
            good.add(with(topic, known));
        }
        if (!unknown.isEmpty()) {
            sortedOut.add(OffsetCommits.refused(with(topic, unknown), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
    }

    private static OffsetCommitRequestTopic with(
            OffsetCommitRequestTopic topic, List<OffsetCommitRequestPartition> partitions) {
        return new OffsetCommitRequestTopic()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }
}
