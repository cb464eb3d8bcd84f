package io.sluice.cluster.api;

import java.util.Arrays;

/**
 * What a broker keeps of a user's password for SCRAM (RFC 5802): enough to check it and to prove that it knows it, not enough to log
 * in elsewhere. The arrays are the record's own: they are copied in and out.
 *
 * @param iterations how often the password was hashed
 */
public record ScramCredential(byte[] salt, byte[] storedKey, byte[] serverKey, int iterations) {
    public ScramCredential {
        salt = salt.clone();
        storedKey = storedKey.clone();
        serverKey = serverKey.clone();
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    @Override
    public byte[] storedKey() {
        return storedKey.clone();
    }

    @Override
    public byte[] serverKey() {
        return serverKey.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScramCredential that
                && iterations == that.iterations
                && Arrays.equals(salt, that.salt)
                && Arrays.equals(storedKey, that.storedKey)
                && Arrays.equals(serverKey, that.serverKey);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(storedKey) + iterations;
    }

    /** Nothing of it may reach a log. */
    @Override
    public String toString() {
        return "ScramCredential(hidden)";
    }
}
