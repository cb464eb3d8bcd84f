package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.FutureReplica;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.ReplicaDirectories;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeLogDirsRequest;
import io.sluice.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.sluice.protocol.message.DescribeLogDirsResponse;
import io.sluice.protocol.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.sluice.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.sluice.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import io.sluice.storage.api.LogDirectory;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * DescribeLogDirs (API 35): the directories of this broker with the partitions in them and their sizes (KIP-113,
 * KIP-827). Partitions of engines without directories are in none.
 */
@Component(service = ApiHandler.class)
public final class DescribeLogDirsHandler implements ApiHandler {
    private final Partitions partitions;
    private final ReplicaDirectories directories;

    @Activate
    public DescribeLogDirsHandler(@Reference Partitions partitions, @Reference ReplicaDirectories directories) {
        this.partitions = partitions;
        this.directories = directories;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_LOG_DIRS;
    }

    @Override
    public void handle(Request request) {
        DescribeLogDirsRequest asked = request.read(new DescribeLogDirsRequest());
        DescribeLogDirsResponse response = new DescribeLogDirsResponse();
        if (!request.mayDo(Operation.DESCRIBE, Resource.CLUSTER)) {
            request.respond(response.setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
            return;
        }
        Set<TopicPartition> wanted = wanted(asked.topics());
        List<PartitionStatus> statuses = partitions.statuses();
        List<FutureReplica> moving = directories.moving();
        for (LogDirectory directory : partitions.logDirectories()) {
            response.results().add(describe(directory, statuses, moving, wanted));
        }
        request.respond(response);
    }

    /** Null for all. */
    private static @Nullable Set<TopicPartition> wanted(@Nullable List<DescribableLogDirTopic> topics) {
        if (topics == null) {
            return null;
        }
        Set<TopicPartition> wanted = new HashSet<>();
        for (DescribableLogDirTopic topic : topics) {
            for (Integer partition : topic.partitions()) {
                wanted.add(new TopicPartition(topic.topic(), partition));
            }
        }
        return wanted;
    }

    private static DescribeLogDirsResult describe(
            LogDirectory directory,
            List<PartitionStatus> statuses,
            List<FutureReplica> moving,
            @Nullable Set<TopicPartition> wanted) {
        Path path = directory.path().toAbsolutePath();
        if (directory.failure() != null) {
            return new DescribeLogDirsResult()
                    .setErrorCode(ErrorCode.KAFKA_STORAGE_ERROR.code())
                    .setLogDir(path.toString());
        }
        Map<String, DescribeLogDirsTopic> topics = new TreeMap<>();
        for (PartitionStatus status : statuses) {
            TopicPartition partition = status.partition().topicPartition();
            boolean isHere = status.directory() != null
                    && status.directory().toAbsolutePath().startsWith(path);
            if (isHere && (wanted == null || wanted.contains(partition))) {
                topics.computeIfAbsent(partition.topic(), name -> new DescribeLogDirsTopic().setName(name))
                        .partitions()
                        .add(describe(status));
            }
        }
        for (FutureReplica future : moving) {
            TopicPartition partition = future.partition();
            boolean isHere = future.directory().toAbsolutePath().equals(path);
            if (isHere && (wanted == null || wanted.contains(partition))) {
                topics.computeIfAbsent(partition.topic(), name -> new DescribeLogDirsTopic().setName(name))
                        .partitions()
                        .add(describe(future));
            }
        }
        return new DescribeLogDirsResult()
                .setLogDir(path.toString())
                .setTotalBytes(directory.totalBytes())
                .setUsableBytes(directory.usableBytes())
                .setTopics(List.copyOf(topics.values()));
    }

    private static DescribeLogDirsPartition describe(PartitionStatus status) {
        return new DescribeLogDirsPartition()
                .setPartitionIndex(status.partition().partition())
                .setPartitionSize(status.sizeInBytes())
                .setOffsetLag(Math.max(0L, status.highWatermark() - status.logEndOffset()))
                .setIsFutureKey(false);
    }

    private static DescribeLogDirsPartition describe(FutureReplica future) {
        return new DescribeLogDirsPartition()
                .setPartitionIndex(future.partition().partition())
                .setPartitionSize(future.sizeInBytes())
                .setOffsetLag(future.offsetLag())
                .setIsFutureKey(true);
    }
}
