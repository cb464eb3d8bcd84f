package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.protocol.message.DescribeClientQuotasRequest;
import io.sluice.protocol.message.DescribeClientQuotasRequest.ComponentData;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which entities a request to describe quotas means: every component must fit, and strictly the entity may have no other types.
 *
 * @param exact the name that a type must have; {@link QuotaEntity#DEFAULT} for its default
 * @param present types that may have any name, and the default
 */
record QuotaFilter(Map<String, String> exact, Set<String> present, boolean strict) {
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte SPECIFIED = 2;
    private static final Set<String> TYPES = Set.of(QuotaEntity.USER, QuotaEntity.CLIENT_ID, QuotaEntity.IP);

    /** Why a request has no such filter; null when it has. */
    static @Nullable Refusal refusal(DescribeClientQuotasRequest asked) {
        Set<String> types = new HashSet<>();
        for (ComponentData component : asked.components()) {
            Refusal refusal = refusal(component);
            if (!types.add(component.entityType())) {
                refusal = Refusal.invalid(
                        "Entity type " + component.entityType() + " cannot appear more than once in the filter.");
            }
            if (refusal != null) {
                return refusal;
            }
        }
        return types.contains(QuotaEntity.IP) && types.size() > 1
                ? Refusal.invalid("Invalid entity filter component combination. IP filter component should not be used "
                        + "with user or clientId filter component.")
                : null;
    }

    private static @Nullable Refusal refusal(ComponentData component) {
        if (component.entityType().isEmpty()) {
            return Refusal.invalid("Invalid empty entity type.");
        }
        if (!TYPES.contains(component.entityType())) {
            return new Refusal(ErrorCode.UNSUPPORTED_VERSION, "Unsupported entity type " + component.entityType());
        }
        boolean named = component.match() != null;
        return switch (component.matchType()) {
            case EXACT ->
                named ? null : Refusal.invalid("Request specified MATCH_TYPE_EXACT, but set match string to null.");
            case DEFAULT ->
                named
                        ? Refusal.invalid("Request specified MATCH_TYPE_DEFAULT, but also specified a match string.")
                        : null;
            case SPECIFIED ->
                named
                        ? Refusal.invalid("Request specified MATCH_TYPE_SPECIFIED, but also specified a match string.")
                        : null;
            default -> Refusal.invalid("Unknown match type " + component.matchType());
        };
    }

    /** Of a request that is not refused. */
    static QuotaFilter of(DescribeClientQuotasRequest asked) {
        Map<String, String> exact = new TreeMap<>();
        Set<String> present = new HashSet<>();
        for (ComponentData component : asked.components()) {
            String match = component.match();
            if (component.matchType() == SPECIFIED) {
                present.add(component.entityType());
            } else {
                exact.put(component.entityType(), match == null ? QuotaEntity.DEFAULT : match);
            }
        }
        return new QuotaFilter(exact, present, asked.strict());
    }

    boolean matches(QuotaEntity entity) {
        Map<String, String> names = entity.names();
        return (!strict || names.size() == exact.size() + present.size())
                && names.entrySet().containsAll(exact.entrySet())
                && names.keySet().containsAll(present);
    }
}
