package io.sluice.cluster.api.image;

import io.sluice.cluster.api.QuotaEntity;
import io.sluice.protocol.metadata.ClientQuotaRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The quotas that a run of records sets and removes. */
final class QuotaChanges {
    private final ClusterImage base;
    private final Map<QuotaEntity, TreeMap<String, Double>> drafts = new HashMap<>();

    QuotaChanges(ClusterImage base) {
        this.base = base;
    }

    void set(ClientQuotaRecord record) {
        TreeMap<String, String> names = new TreeMap<>();
        for (ClientQuotaRecord.EntityData part : record.entity()) {
            String name = part.entityName();
            names.put(part.entityType(), name == null ? QuotaEntity.DEFAULT : name);
        }
        TreeMap<String, Double> draft =
                drafts.computeIfAbsent(new QuotaEntity(names), entity -> new TreeMap<>(base.quotas(entity)));
        if (record.remove()) {
            draft.remove(record.key());
        } else {
            draft.put(record.key(), record.value());
        }
    }

    ShardedMap<QuotaEntity, Map<String, Double>> all() {
        Map<QuotaEntity, Map<String, Double>> set = new HashMap<>();
        Set<QuotaEntity> gone = new HashSet<>();
        drafts.forEach((entity, quotas) -> {
            if (quotas.isEmpty()) {
                gone.add(entity);
            } else {
                set.put(entity, Collections.unmodifiableSortedMap(quotas));
            }
        });
        return base.quotas().with(set, gone);
    }
}
