package io.sluice.transport.mina;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import org.apache.mina.core.write.WriteToClosedSessionException;
import org.jspecify.annotations.Nullable;

/** Tells a peer that went away from an I/O error of this machine's. Java has only the system's words for it. */
final class PeerGone {
    private static final Set<String> WORDS = Set.of(
            "Broken pipe",
            "Connection reset",
            "Connection reset by peer",
            "Connection timed out",
            "Software caused connection abort");

    private PeerGone() {}

    /** @param channel the socket's: a file that is closed is another matter */
    static boolean isCause(IOException failure, Channel channel) {
        if (failure instanceof ClosedChannelException) {
            return !channel.isOpen();
        }
        return failure instanceof WriteToClosedSessionException || isKnown(failure.getMessage());
    }

    private static boolean isKnown(@Nullable String words) {
        return words != null && WORDS.contains(words);
    }
}
