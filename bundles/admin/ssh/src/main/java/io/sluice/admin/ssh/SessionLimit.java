package io.sluice.admin.ssh;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the connections few, those included that have not shown a key yet. Called on the I/O threads. */
final class SessionLimit implements SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLimit.class);

    private final int most;
    private final Set<Session> open = ConcurrentHashMap.newKeySet();

    SessionLimit(int most) {
        this.most = most;
    }

    @Override
    public void sessionCreated(Session session) {
        open.add(session);
        if (open.size() > most) {
            LOG.warn(
                    "ssh: a connection from {} is turned away, there are {} already", session.getRemoteAddress(), most);
            session.close(true);
        }
    }

    @Override
    public void sessionClosed(Session session) {
        open.remove(session);
    }
}
