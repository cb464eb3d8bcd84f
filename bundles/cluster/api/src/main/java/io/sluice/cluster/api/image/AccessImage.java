package io.sluice.cluster.api.image;

import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import java.util.Map;

/** What the metadata hold about users and other clients. Immutable. */
record AccessImage(
        ShardedMap<String, Map<ScramMechanism, ScramCredential>> scram,
        ShardedMap<QuotaEntity, Map<String, Double>> quotas) {
    static final AccessImage EMPTY = new AccessImage(ShardedMap.empty(), ShardedMap.empty());
}
