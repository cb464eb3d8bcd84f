package io.sluice.coordinator.group.classic;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which topics the members of a consumer group subscribe to, out of the metadata that is otherwise opaque to a broker. */
final class SubscribedTopics {
    private SubscribedTopics() {}

    /** The topics of all members together, or null when one of them cannot be read. */
    static @Nullable Set<String> of(Collection<Member> members, String protocolName) {
        Set<String> topics = new HashSet<>();
        for (Member member : members) {
            try {
                topics.addAll(read(member.metadata(protocolName)));
            } catch (MalformedMessageException e) {
                return null;
            }
        }
        return topics;
    }

    private static Collection<String> read(byte[] metadata) {
        MessageReader in = new MessageReader(ByteBuffer.wrap(metadata));
        short version = in.readInt16("version");
        ConsumerProtocolSubscription subscription = new ConsumerProtocolSubscription();
        if (version < subscription.lowestSupportedVersion()) {
            throw new MalformedMessageException("a subscription of version " + version);
        }
        short readable = (short) Math.min(version, subscription.highestSupportedVersion());
        subscription.read(in, readable);
        return subscription.topics();
    }
}
