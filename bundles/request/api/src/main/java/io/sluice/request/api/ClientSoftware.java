package io.sluice.request.api;

import java.util.Objects;

/** What a client says it is (KIP-511): letters, digits, dots and hyphens; nobody checks whether it is so. */
public record ClientSoftware(String name, String version) {
    public ClientSoftware {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(version, "version");
    }
}
