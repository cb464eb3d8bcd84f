package io.sluice.cluster.api.image;

import java.util.List;

/** The numbers by which registrations name security protocols. */
public final class SecurityProtocols {
    private static final List<String> NAMES = List.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");

    private SecurityProtocols() {}

    /** @throws IllegalArgumentException for a number that stands for none */
    public static String name(short code) {
        if (code < 0 || code >= NAMES.size()) {
            throw new IllegalArgumentException("no security protocol has the number " + code);
        }
        return NAMES.get(code);
    }

    /** @throws IllegalArgumentException for a name that stands for none */
    public static short code(String name) {
        int code = NAMES.indexOf(name);
        if (code < 0) {
            throw new IllegalArgumentException("no security protocol is called " + name);
        }
        return (short) code;
    }
}
