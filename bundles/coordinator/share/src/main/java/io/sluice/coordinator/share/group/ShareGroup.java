package io.sluice.coordinator.share.group;

import java.util.Collection;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A share group, made by replay alone. For one state machine. */
final class ShareGroup {
    static final String STABLE = "Stable";
    static final String EMPTY = "Empty";

    private final String groupId;
    private final TreeMap<String, ShareMember> members = new TreeMap<>();
    private int epoch;
    private long metadataHash;
    private int assignmentEpoch;
    private long assignmentTimestampMs;
    private StatePartitions states = StatePartitions.NONE;
    private int changes;
    private int wantedAt = -1;

    ShareGroup(String groupId) {
        this.groupId = groupId;
    }

    String groupId() {
        return groupId;
    }

    void epoch(int newEpoch, long hash) {
        epoch = newEpoch;
        metadataHash = hash;
        changes++;
    }

    void assignment(int newEpoch, long timestampMs) {
        assignmentEpoch = newEpoch;
        assignmentTimestampMs = timestampMs;
    }

    void states(StatePartitions partitions) {
        states = partitions;
        changes++;
    }

    /** Rises whenever the members, what they want, or their topics change. */
    int epoch() {
        return epoch;
    }

    /** Of the topics as they were at that epoch. */
    long metadataHash() {
        return metadataHash;
    }

    /** The group's epoch for which the targets are. */
    int assignmentEpoch() {
        return assignmentEpoch;
    }

    long assignmentTimestampMs() {
        return assignmentTimestampMs;
    }

    StatePartitions states() {
        return states;
    }

    /** Whether the states of all that is read have been asked for since the last change; known anew after each load. */
    boolean areStatesWanted() {
        return wantedAt == changes;
    }

    void statesWanted() {
        wantedAt = changes;
    }

    Collection<ShareMember> members() {
        return members.values();
    }

    @Nullable
    ShareMember member(String memberId) {
        return members.get(memberId);
    }

    ShareMember memberOrNew(String memberId) {
        return members.computeIfAbsent(memberId, ShareMember::new);
    }

    void remove(String memberId) {
        members.remove(memberId);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    String state() {
        return isEmpty() ? EMPTY : STABLE;
    }
}
