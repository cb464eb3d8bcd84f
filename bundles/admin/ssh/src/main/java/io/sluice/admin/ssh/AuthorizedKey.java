package io.sluice.admin.ssh;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;

/**
 * One line of {@code authorized_keys}: the key's type, the key in Base64, and a comment. Options before the key are refused, because to ignore a restriction would be to let somebody in
 * who is not meant to be.
 */
record AuthorizedKey(PublicKey key, String comment) {
    private static final Set<String> TYPES =
            Set.of("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa");
    private static final String KNOWN =
            "ssh-ed25519, ecdsa-sha2-nistp256, ecdsa-sha2-nistp384, ecdsa-sha2-nistp521 and ssh-rsa";
    private static final int RSA_BITS_MIN = 2048;
    private static final int SHOWN_MAX = 40;

    /** @throws IllegalArgumentException with a sentence that says why the line cannot be used */
    static AuthorizedKey parse(String line) {
        KeySupport.make();
        String[] fields = line.split("\\s+", 3);
        if (!TYPES.contains(fields[0])) {
            throw new IllegalArgumentException(
                    mentionsType(line)
                            ? "options before a key are not supported: " + shown(line)
                            : "it does not begin with the type of a key (" + KNOWN + "): " + shown(line));
        }
        if (fields.length < 2) {
            throw new IllegalArgumentException("the key is missing after " + fields[0]);
        }
        PublicKey key = decode(fields[0], fields[1]);
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < RSA_BITS_MIN) {
            throw new IllegalArgumentException("an RSA key of "
                    + rsa.getModulus().bitLength() + " bits is too weak, the least is " + RSA_BITS_MIN);
        }
        return new AuthorizedKey(key, fields.length > 2 ? fields[2].strip() : "");
    }

    private static PublicKey decode(String type, String base64) {
        PublicKey key;
        try {
            byte[] blob = Base64.getDecoder().decode(base64);
            key = new PublicKeyEntry(type, blob).resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("the key after " + type + " is damaged: " + e.getMessage(), e);
        }
        if (key == null || !type.equals(KeyUtils.getKeyType(key))) {
            throw new IllegalArgumentException("the key after " + type + " is of another type");
        }
        return key;
    }

    private static boolean mentionsType(String line) {
        for (String word : line.split("\\s+")) {
            if (TYPES.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static String shown(String line) {
        return line.length() <= SHOWN_MAX ? line : line.substring(0, SHOWN_MAX) + "...";
    }
}
