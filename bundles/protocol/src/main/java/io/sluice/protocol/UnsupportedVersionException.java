package io.sluice.protocol;

/** A version that a schema does not have, or that cannot carry a field that is set. */
public final class UnsupportedVersionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnsupportedVersionException(String message) {
        super(message);
    }

    public static UnsupportedVersionException ofMessage(String message, short version) {
        return new UnsupportedVersionException(message + " has no version " + version);
    }

    public static UnsupportedVersionException ofField(String struct, String field, short version) {
        return new UnsupportedVersionException(
                struct + "." + field + " is set, but version " + version + " cannot carry it");
    }

    public static UnsupportedVersionException ofNull(String struct, String field, short version) {
        return new UnsupportedVersionException(
                struct + "." + field + " is null, which version " + version + " cannot say");
    }
}
