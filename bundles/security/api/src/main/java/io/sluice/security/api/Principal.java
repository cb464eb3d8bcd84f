package io.sluice.security.api;

import java.util.Objects;

/** Who makes a request: a type, {@code User} as a rule, and a name. */
public record Principal(String type, String name) {
    /** Everybody who did not say who they are. */
    public static final Principal ANONYMOUS = new Principal("User", "ANONYMOUS");

    public Principal {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    @Override
    public String toString() {
        return type + ":" + name;
    }
}
