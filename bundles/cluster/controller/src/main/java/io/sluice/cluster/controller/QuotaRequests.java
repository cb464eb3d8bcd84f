package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterClientQuotasRequest.EntryData;
import io.sluice.protocol.message.AlterClientQuotasRequest.OpData;
import io.sluice.protocol.message.AlterClientQuotasResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides AlterClientQuotas (KIP-546): each entity as a whole or not at all. Whether the name of a host can be resolved was looked at by
 * the broker that got the request; nothing here waits for a name server. An entity that is named twice is not altered.
 */
final class QuotaRequests {
    private static final double FRACTION = 1e-6;

    /** What the value of a key must be. */
    private enum Kind {
        REAL(Double.MAX_VALUE, ""),
        LONG(Long.MAX_VALUE, "a LONG"),
        INT(Integer.MAX_VALUE, "an INT");

        private final double most;
        private final String name;

        Kind(double most, String name) {
            this.most = most;
            this.name = name;
        }
    }

    private static final Map<String, Kind> OF_CLIENTS = Map.of(
            "producer_byte_rate", Kind.LONG,
            "consumer_byte_rate", Kind.LONG,
            "request_percentage", Kind.REAL,
            "controller_mutation_rate", Kind.REAL);
    private static final Map<String, Kind> OF_ADDRESSES = Map.of("connection_creation_rate", Kind.INT);

    private final Situation situation;
    private final List<Message> records = new ArrayList<>();

    private QuotaRequests(Situation situation) {
        this.situation = situation;
    }

    static Decision<AlterClientQuotasResponse> decide(AlterClientQuotasRequest request, Situation situation) {
        return new QuotaRequests(situation).decide(request);
    }

    private Decision<AlterClientQuotasResponse> decide(AlterClientQuotasRequest request) {
        Map<QuotaEntity, Integer> mentions = new HashMap<>();
        request.entries().forEach(entry -> mentions.merge(entity(entry), 1, Integer::sum));
        AlterClientQuotasResponse response = new AlterClientQuotasResponse();
        for (EntryData entry : request.entries()) {
            QuotaEntity entity = entity(entry);
            ApiError error = mentions.getOrDefault(entity, 0) > 1
                    ? ApiError.of(ErrorCode.INVALID_REQUEST, "Ignoring duplicate entity " + entity)
                    : alter(entry, entity);
            response.entries().add(result(entry, error));
        }
        return request.validateOnly() ? Decision.unchanged(response) : new Decision<>(records, response);
    }

    private ApiError alter(EntryData entry, QuotaEntity entity) {
        String problem = entityProblem(entry);
        Map<String, Kind> keys = entity.names().containsKey(QuotaEntity.IP) ? OF_ADDRESSES : OF_CLIENTS;
        List<Message> changes = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (OpData op : entry.ops()) {
            if (problem == null && !named.add(op.key())) {
                problem = "Duplicate quota key " + op.key();
            }
            if (problem == null && !op.remove()) {
                problem = valueProblem(keys, op.key(), op.value());
            }
            if (problem == null) {
                change(entity, op, changes);
            }
        }
        if (problem != null) {
            return ApiError.of(ErrorCode.INVALID_REQUEST, problem);
        }
        records.addAll(changes);
        return ApiError.NONE;
    }

    /** What does not change anything needs no record. */
    private void change(QuotaEntity entity, OpData op, List<Message> changes) {
        Double present = situation.image().quotas(entity).get(op.key());
        if (op.remove()) {
            if (present != null) {
                changes.add(ImageRecords.quota(entity, op.key()).setRemove(true));
            }
        } else if (present == null || present != op.value()) {
            changes.add(ImageRecords.quota(entity, op.key()).setValue(op.value()));
        }
    }

    private static @Nullable String entityProblem(EntryData entry) {
        Set<String> types = new HashSet<>();
        for (AlterClientQuotasRequest.EntityData part : entry.entity()) {
            String type = part.entityType();
            if (!types.add(type)) {
                return "Invalid client quota entity, duplicate entity entry " + type;
            }
            if (!type.equals(QuotaEntity.USER) && !type.equals(QuotaEntity.CLIENT_ID) && !type.equals(QuotaEntity.IP)) {
                return "Unhandled client quota entity type: " + type;
            }
            String name = part.entityName();
            if (name != null && name.isEmpty()) {
                return "Empty " + type + " not supported";
            }
        }
        if (types.isEmpty()) {
            return "Invalid empty client quota entity";
        }
        return types.contains(QuotaEntity.IP) && types.size() > 1
                ? "Invalid quota entity combination, an ip cannot be combined with a user or a client-id"
                : null;
    }

    private static @Nullable String valueProblem(Map<String, Kind> keys, String key, double value) {
        Kind kind = keys.get(key);
        if (kind == null) {
            return "Invalid configuration key " + key;
        }
        if (!Double.isFinite(value)) {
            return "Quota " + key + " must be a finite number";
        }
        if (value <= 0.0) {
            return "Quota " + key + " must be greater than 0";
        }
        if (kind == Kind.REAL) {
            return null;
        }
        if (value > kind.most) {
            return "Proposed value for " + key + " is too large for " + kind.name + ".";
        }
        return value % 1.0 > FRACTION ? key + " cannot be a fractional value." : null;
    }

    private static QuotaEntity entity(EntryData entry) {
        TreeMap<String, String> names = new TreeMap<>();
        for (AlterClientQuotasRequest.EntityData part : entry.entity()) {
            String name = part.entityName();
            names.put(part.entityType(), name == null ? QuotaEntity.DEFAULT : name);
        }
        return new QuotaEntity(names);
    }

    private static AlterClientQuotasResponse.EntryData result(EntryData entry, ApiError error) {
        AlterClientQuotasResponse.EntryData result = new AlterClientQuotasResponse.EntryData()
                .setErrorCode(error.code().code())
                .setErrorMessage(error.message());
        entry.entity().forEach(part -> result.entity()
                .add(new AlterClientQuotasResponse.EntityData()
                        .setEntityType(part.entityType())
                        .setEntityName(part.entityName())));
        return result;
    }
}
