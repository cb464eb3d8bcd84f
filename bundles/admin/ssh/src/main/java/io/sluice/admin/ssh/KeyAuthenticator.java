package io.sluice.admin.ssh;

import java.security.PublicKey;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in who has a key of {@link AuthorizedKeys}, under whatever user name, and says who came: whether the key is really theirs MINA SSHD checks by its signature. Certificates
 * are not taken for the key in them.
 */
final class KeyAuthenticator implements PublickeyAuthenticator, SessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(KeyAuthenticator.class);
    private static final AttributeKey<String> WHO = new AttributeKey<>();
    private static final AttributeKey<Boolean> REFUSED = new AttributeKey<>();

    private final AuthorizedKeys keys;
    private final boolean acceptsAny;

    /** @param acceptsAny only to show that a proof can fail */
    KeyAuthenticator(AuthorizedKeys keys, boolean acceptsAny) {
        this.keys = keys;
        this.acceptsAny = acceptsAny;
    }

    @Override
    public boolean authenticate(String user, PublicKey key, ServerSession session) {
        AuthorizedKey authorized = keys.find(key);
        String fingerprint = KeyUtils.getFingerPrint(key);
        if (authorized == null && !acceptsAny) {
            if (session.setAttribute(REFUSED, true) == null) {
                LOG.info(
                        "ssh: the key {} of {} at {} is not let in",
                        fingerprint,
                        printable(user),
                        session.getRemoteAddress());
            }
            return false;
        }
        String comment = authorized == null ? "" : " " + printable(authorized.comment());
        session.setAttribute(WHO, fingerprint + comment);
        return true;
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            LOG.info(
                    "ssh: {} at {} came in with the key {}",
                    printable(session.getUsername()),
                    session.getRemoteAddress(),
                    session.getAttribute(WHO));
        }
    }

    /** A name is what a stranger says: it must not write lines into the log. */
    private static String printable(String name) {
        String shown = name.length() <= 100 ? name : name.substring(0, 100);
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
