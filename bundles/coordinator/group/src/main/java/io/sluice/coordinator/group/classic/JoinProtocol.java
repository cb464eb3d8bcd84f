package io.sluice.coordinator.group.classic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A protocol that a member can speak, with its metadata for it; equal by content. The bytes are not changed. */
public record JoinProtocol(String name, byte[] metadata) {
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof JoinProtocol other
                && name.equals(other.name)
                && Arrays.equals(metadata, other.metadata);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(metadata);
    }

    @Override
    public String toString() {
        return name + "(" + metadata.length + " bytes)";
    }
}
