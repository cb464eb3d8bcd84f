package io.sluice.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A tagged field that our schema does not know (KIP-482), kept as it came. The array is owned by this object. */
public final class RawTaggedField {
    private final int tag;
    private final byte[] data;

    public RawTaggedField(int tag, byte[] data) {
        this.tag = tag;
        this.data = Objects.requireNonNull(data, "data");
    }

    public int tag() {
        return tag;
    }

    public byte[] data() {
        return data;
    }

    /** Compares two lists, where null stands for an empty one. */
    public static boolean same(@Nullable List<RawTaggedField> one, @Nullable List<RawTaggedField> other) {
        boolean oneEmpty = one == null || one.isEmpty();
        boolean otherEmpty = other == null || other.isEmpty();
        return oneEmpty || otherEmpty ? oneEmpty == otherEmpty : Objects.equals(one, other);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof RawTaggedField other && tag == other.tag && Arrays.equals(data, other.data);
    }

    @Override
    public int hashCode() {
        return 31 * tag + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "RawTaggedField(tag=" + tag + ", data=byte[" + data.length + "])";
    }
}
