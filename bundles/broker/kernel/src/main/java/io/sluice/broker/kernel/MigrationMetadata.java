package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a migration reads and changes of the cluster's metadata. */
interface MigrationMetadata {
    CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition);

    CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine);

    /** What is set for the topic itself, without defaults. */
    Map<String, String> topicConfigs(String topic);

    static MigrationMetadata of(Controller controller, MetadataSource source) {
        return new MigrationMetadata() {
            @Override
            public CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition) {
                return controller.bumpLeaderEpoch(partition);
            }

            @Override
            public CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine) {
                return controller.assignStorageEngine(topicId, engine);
            }

            @Override
            public Map<String, String> topicConfigs(String topic) {
                return source.image().config(new ConfigResource(ConfigResource.Type.TOPIC, topic));
            }
        };
    }
}
