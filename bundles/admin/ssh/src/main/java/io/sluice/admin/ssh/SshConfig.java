package io.sluice.admin.ssh;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * What is wanted of the listener.
 *
 * @param listener HOST:PORT; empty for none
 * @param data the data directory: keys lie in {@code ssh/}, where it listens is said in {@code run/ssh}
 * @param sessionsMax connections at a time
 * @param acceptsAnyKey whether it is sabotaged, see {@link #ANY_KEY}
 */
record SshConfig(String listener, Path data, int sessionsMax, long idleTimeoutMs, boolean acceptsAnyKey) {
    /** The sabotage under which every key is accepted, for the proof that a proof can fail. */
    static final String ANY_KEY = "any-key";

    boolean isWanted() {
        return !listener.isEmpty();
    }

    Path directory() {
        return data.resolve("ssh");
    }

    Path whereabouts() {
        return data.resolve("run").resolve("ssh");
    }

    /** Without a host the loopback address. */
    InetSocketAddress address() throws UnknownHostException {
        int colon = listener.lastIndexOf(':');
        String host = listener.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        InetAddress address = host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
        return new InetSocketAddress(address, Integer.parseInt(listener.substring(colon + 1)));
    }
}
