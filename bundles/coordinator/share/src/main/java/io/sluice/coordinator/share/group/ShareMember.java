package io.sluice.coordinator.share.group;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A member of a share group, made by replay alone. For one state machine. */
final class ShareMember {
    private final String memberId;
    private @Nullable String rackId;
    private String clientId = "";
    private String clientHost = "";
    private List<String> topics = List.of();
    private int epoch;
    private int previousEpoch;
    private PartitionSet assigned = PartitionSet.EMPTY;
    private PartitionSet target = PartitionSet.EMPTY;

    ShareMember(String memberId) {
        this.memberId = memberId;
    }

    void describe(@Nullable String rack, String client, String host, List<String> subscribed) {
        rackId = rack;
        clientId = client;
        clientHost = host;
        topics = List.copyOf(subscribed);
    }

    void assign(int newEpoch, int oldEpoch, PartitionSet partitions) {
        epoch = newEpoch;
        previousEpoch = oldEpoch;
        assigned = partitions;
    }

    void target(PartitionSet partitions) {
        target = partitions;
    }

    String memberId() {
        return memberId;
    }

    @Nullable
    String rackId() {
        return rackId;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    /** The names of the topics that it reads, in order. */
    List<String> topics() {
        return topics;
    }

    int epoch() {
        return epoch;
    }

    /** The epoch that it has if the answer with the present one was lost. */
    int previousEpoch() {
        return previousEpoch;
    }

    /** What it was told to read. */
    PartitionSet assigned() {
        return assigned;
    }

    /** What it is to read. */
    PartitionSet target() {
        return target;
    }
}
