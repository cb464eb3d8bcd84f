package io.sluice.coordinator.streams.group;

import org.jspecify.annotations.Nullable;

/** A member of a streams group. Immutable. */
record StreamsMember(String memberId, MemberMetadata metadata, CurrentTasks current) {
    static StreamsMember of(String memberId) {
        return new StreamsMember(memberId, MemberMetadata.UNKNOWN, CurrentTasks.NONE);
    }

    StreamsMember with(MemberMetadata newMetadata) {
        return new StreamsMember(memberId, newMetadata, current);
    }

    StreamsMember with(CurrentTasks newCurrent) {
        return new StreamsMember(memberId, metadata, newCurrent);
    }

    @Nullable
    String instanceId() {
        return metadata.instanceId();
    }

    int epoch() {
        return current.epoch();
    }
}
