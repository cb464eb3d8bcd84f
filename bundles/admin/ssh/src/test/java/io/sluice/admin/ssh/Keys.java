package io.sluice.admin.ssh;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.apache.sshd.common.config.keys.PublicKeyEntry;

/** Keys of users. */
final class Keys {
    private Keys() {}

    static KeyPair ecdsa() {
        return pair("EC", 256);
    }

    static KeyPair ed25519() {
        return pair("Ed25519", 0);
    }

    static KeyPair rsa(int bits) {
        return pair("RSA", bits);
    }

    private static KeyPair pair(String algorithm, int bits) {
        KeySupport.make();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@code ssh-keygen} writes it into a file {@code .pub}. */
    static String line(KeyPair pair, String comment) {
        return PublicKeyEntry.toString(pair.getPublic()) + " " + comment;
    }
}
