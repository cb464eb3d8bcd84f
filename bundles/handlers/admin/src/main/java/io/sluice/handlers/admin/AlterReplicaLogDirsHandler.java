package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.ReplicaDirectories;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.sluice.protocol.message.AlterReplicaLogDirsResponse;
import io.sluice.protocol.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult;
import io.sluice.protocol.message.AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** AlterReplicaLogDirs (API 34): moves this broker's partitions to other of its log directories (KIP-113). */
@Component(service = ApiHandler.class)
public final class AlterReplicaLogDirsHandler implements ApiHandler {
    private final ReplicaDirectories directories;

    @Activate
    public AlterReplicaLogDirsHandler(@Reference ReplicaDirectories directories) {
        this.directories = directories;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ALTER_REPLICA_LOG_DIRS;
    }

    @Override
    public void handle(Request request) {
        AlterReplicaLogDirsRequest asked = request.read(new AlterReplicaLogDirsRequest());
        boolean allowed = request.mayDo(Operation.ALTER, Resource.CLUSTER);
        Map<String, AlterReplicaLogDirTopicResult> results = new TreeMap<>();
        for (AlterReplicaLogDir directory : asked.dirs()) {
            for (AlterReplicaLogDirTopic topic : directory.topics()) {
                AlterReplicaLogDirTopicResult result = results.computeIfAbsent(
                        topic.name(), name -> new AlterReplicaLogDirTopicResult().setTopicName(name));
                for (Integer partition : topic.partitions()) {
                    ErrorCode error = allowed
                            ? move(directory.path(), new TopicPartition(topic.name(), partition))
                            : ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
                    result.partitions()
                            .add(new AlterReplicaLogDirPartitionResult()
                                    .setPartitionIndex(partition)
                                    .setErrorCode(error.code()));
                }
            }
        }
        AlterReplicaLogDirsResponse response = new AlterReplicaLogDirsResponse();
        response.results().addAll(results.values());
        request.respond(response);
    }

    private ErrorCode move(String path, TopicPartition partition) {
        try {
            Path directory = Path.of(path);
            return directory.isAbsolute() ? directories.move(partition, directory) : ErrorCode.LOG_DIR_NOT_FOUND;
        } catch (InvalidPathException e) {
            return ErrorCode.LOG_DIR_NOT_FOUND;
        }
    }
}
