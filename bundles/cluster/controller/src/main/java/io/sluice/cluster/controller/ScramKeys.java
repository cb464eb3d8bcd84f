package io.sluice.cluster.controller;

import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keys that are made of a salted password, as RFC 5802 (section 3) says. */
final class ScramKeys {
    private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

    private ScramKeys() {}

    /** @param saltedPassword not empty */
    static ScramCredential credential(ScramMechanism mechanism, byte[] salt, byte[] saltedPassword, int iterations) {
        try {
            Mac mac = Mac.getInstance(mechanism.macAlgorithm());
            mac.init(new SecretKeySpec(saltedPassword, mechanism.macAlgorithm()));
            byte[] clientKey = mac.doFinal(CLIENT_KEY);
            byte[] storedKey =
                    MessageDigest.getInstance(mechanism.hashAlgorithm()).digest(clientKey);
            return new ScramCredential(salt, storedKey, mac.doFinal(SERVER_KEY), iterations);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + mechanism.macAlgorithm(), e);
        }
    }
}
