package io.sluice.admin.ssh;

import org.apache.sshd.common.util.security.SecurityUtils;

/**
 * Tells MINA SSHD of the Ed25519 of the JDK, which it does not use by itself, before it looks for it. Its registers are static; they lie in this bundle and go with it.
 */
final class KeySupport {
    static {
        SecurityUtils.registerSecurityProvider(new JdkEdDsaRegistrar());
    }

    private KeySupport() {}

    /** To be called before anything else of MINA SSHD; does nothing from the second time on. */
    static void make() {}
}
