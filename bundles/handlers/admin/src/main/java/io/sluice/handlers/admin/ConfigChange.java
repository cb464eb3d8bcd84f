package io.sluice.handlers.admin;

import io.sluice.cluster.api.ConfigResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request wants to change of one resource; both APIs that alter configurations are seen as this. */
record ConfigChange(byte type, String name, List<Entry> entries) {
    static final byte SET = 0;
    static final byte DELETE = 1;
    static final byte APPEND = 2;

    /** @param operation the code of KIP-339: set, delete, append, subtract */
    record Entry(String name, byte operation, @Nullable String value) {}

    ConfigResource.@Nullable Type knownType() {
        return ConfigResource.Type.of(type);
    }
}
