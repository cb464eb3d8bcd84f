package io.sluice.coordinator.share.partition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer says of a range of records.
 *
 * @param lastOffset inclusive
 * @param types one for all, or one for each offset
 */
public record Acknowledgement(long firstOffset, long lastOffset, List<Byte> types) {
    public Acknowledgement {
        types = List.copyOf(types);
    }

    byte typeAt(long offset) {
        return types.size() == 1 ? types.get(0) : types.get(Math.toIntExact(offset - firstOffset));
    }

    boolean hasRenewal() {
        return types.contains(AcknowledgeType.RENEW);
    }

    /**
     * What is wrong with the acknowledgements of one partition, whatever its records are. As in Kafka one may begin with the record with which the
     * one before ends: then it depends on what is said of that record first.
     *
     * @param highestType the last type that the request's version knows
     */
    public static @Nullable String flaw(List<Acknowledgement> acknowledgements, byte highestType) {
        long last = -1L;
        for (Acknowledgement one : acknowledgements) {
            if (one.firstOffset > one.lastOffset) {
                return "An acknowledgement ends before it begins.";
            }
            if (one.firstOffset < last) {
                return "Acknowledgements must be in order and must not overlap.";
            }
            if (one.types.isEmpty()) {
                return "An acknowledgement has no types.";
            }
            if (one.types.size() > 1 && one.types.size() - 1 != one.lastOffset - one.firstOffset) {
                return "An acknowledgement has neither one type nor one for each record.";
            }
            for (byte type : one.types) {
                if (type < AcknowledgeType.GAP || type > highestType) {
                    return "Unknown type of acknowledgement: " + type + ".";
                }
            }
            last = one.lastOffset;
        }
        return null;
    }
}
