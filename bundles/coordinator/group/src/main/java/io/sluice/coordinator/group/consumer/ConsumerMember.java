package io.sluice.coordinator.group.consumer;

/** A member of a consumer group. */
public record ConsumerMember(String memberId, MemberMetadata metadata, CurrentAssignment current) {
    static ConsumerMember fresh(String memberId) {
        return new ConsumerMember(memberId, MemberMetadata.NONE, CurrentAssignment.NONE);
    }

    ConsumerMember with(MemberMetadata changed) {
        return new ConsumerMember(memberId, changed, current);
    }

    ConsumerMember with(CurrentAssignment changed) {
        return new ConsumerMember(memberId, metadata, changed);
    }
}
