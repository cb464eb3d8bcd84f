package io.sluice.coordinator.share.group;

/** Told of members that are gone. Must not block. */
public interface ShareGroupListener {
    void memberGone(String groupId, String memberId);

    /** The last member is gone, or the group's offsets are set anew. */
    void groupIdle(String groupId);
}
