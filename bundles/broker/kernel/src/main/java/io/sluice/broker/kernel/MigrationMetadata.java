package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.Controller;
import java.util.concurrent.CompletableFuture;

/** What a migration changes in the cluster's metadata; see {@link Controller}, whose methods these are. */
interface MigrationMetadata {
    CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition);

    CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine);

    static MigrationMetadata of(Controller controller) {
        return new MigrationMetadata() {
            @Override
            public CompletableFuture<Integer> bumpLeaderEpoch(TopicIdPartition partition) {
                return controller.bumpLeaderEpoch(partition);
            }

            @Override
            public CompletableFuture<Boolean> assignStorageEngine(Uuid topicId, String engine) {
                return controller.assignStorageEngine(topicId, engine);
            }
        };
    }
}
