package io.sluice.protocol.record;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The types of record in a control batch; the key of such a record is a version and the type, two bytes each. */
public enum ControlRecordType {
    ABORT,
    COMMIT,
    LEADER_CHANGE,
    SNAPSHOT_HEADER,
    SNAPSHOT_FOOTER,
    KRAFT_VERSION,
    KRAFT_VOTERS;

    private static final int KEY_BYTES = 4;
    private static final ControlRecordType[] BY_ID = values();

    public short id() {
        return (short) ordinal();
    }

    /** The key of a record of this type, in the current version 0. */
    public ByteBuffer key() {
        return ByteBuffer.allocate(KEY_BYTES).putShort((short) 0).putShort(id()).flip();
    }

    /**
     * The type that a key names, or null when the key is too short, of a negative version, or names a type that we do not know: such a
     * record is skipped.
     */
    public static @Nullable ControlRecordType ofKey(@Nullable ByteBuffer key) {
        if (key == null || key.remaining() < KEY_BYTES || key.getShort(key.position()) < 0) {
            return null;
        }
        short id = key.getShort(key.position() + 2);
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }
}
