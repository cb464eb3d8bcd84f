package io.sluice.transport.kit;

import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands where the kernel stands: counts and keeps what comes, and does with it what a test says. */
public final class RecordingHandler implements ConnectionHandler {
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile Reaction reaction = Link::keep;

    /** What to do with a frame; on the transport's thread. */
    @FunctionalInterface
    public interface Reaction {
        void frame(Link link, byte[] frame);
    }

    /** One connection as the kernel sees it. */
    public static final class Link implements FrameHandler {
        private final Connection connection;
        private final RecordingHandler owner;
        private final List<byte[]> kept = new CopyOnWriteArrayList<>();
        private final List<String> endings = new CopyOnWriteArrayList<>();
        private final AtomicInteger frames = new AtomicInteger();
        private final AtomicInteger overlaps = new AtomicInteger();
        private final AtomicInteger inside = new AtomicInteger();

        private Link(Connection connection, RecordingHandler owner) {
            this.connection = connection;
            this.owner = owner;
        }

        public Connection connection() {
            return connection;
        }

        public void keep(byte[] frame) {
            kept.add(frame);
        }

        public List<byte[]> kept() {
            return kept;
        }

        /** How many frames came. */
        public int frames() {
            return frames.get();
        }

        /** The reasons that were given for its end; one if all is well. */
        public List<String> endings() {
            return endings;
        }

        /** How often a call came while another was going on, or after the end. */
        public int overlaps() {
            return overlaps.get();
        }

        @Override
        public void frame(ByteBuffer frame) {
            if (inside.incrementAndGet() != 1 || !endings.isEmpty() || frame.position() != 0) {
                overlaps.incrementAndGet();
            }
            try {
                byte[] copy = new byte[frame.remaining()];
                frame.duplicate().get(copy);
                frames.incrementAndGet();
                owner.reaction.frame(this, copy);
            } finally {
                inside.decrementAndGet();
            }
        }

        @Override
        public void closed(String reason) {
            if (inside.get() != 0) {
                overlaps.incrementAndGet();
            }
            endings.add(reason);
        }
    }

    @Override
    public FrameHandler connected(Connection connection) {
        Link link = new Link(connection, this);
        links.add(link);
        return link;
    }

    public void react(Reaction with) {
        reaction = with;
    }

    public List<Link> links() {
        return links;
    }
}
