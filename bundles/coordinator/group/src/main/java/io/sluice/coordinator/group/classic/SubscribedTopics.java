package io.sluice.coordinator.group.classic;

import io.sluice.protocol.MalformedMessageException;
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
                topics.addAll(EmbeddedProtocol.subscription(member.metadata(protocolName))
                        .topics());
            } catch (MalformedMessageException e) {
                return null;
            }
        }
        return topics;
    }
}
