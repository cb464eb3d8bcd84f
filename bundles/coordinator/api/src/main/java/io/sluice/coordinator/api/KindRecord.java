package io.sluice.coordinator.api;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundPart;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@code __consumer_offsets} in Kafka's format: a key is the record type in two bytes and the key's message in version 0, which begins
 * with the group's id; a value is its version in two bytes and its message. The buffers are never changed and must not be; readers take duplicates.
 *
 * @param value null for a tombstone
 */
public record KindRecord(ByteBuffer key, @Nullable ByteBuffer value) {
    private static final short KEY_VERSION = 0;

    public KindRecord {
        if (key.remaining() < Short.BYTES) {
            throw new MalformedMessageException("a key of " + key.remaining() + " bytes");
        }
    }

    /** Encodes a record; the type is that of the key's schema. */
    public static KindRecord of(Message key, Message value, short valueVersion) {
        return new KindRecord(encode(key.apiKey(), key, KEY_VERSION), encode(valueVersion, value, valueVersion));
    }

    /** Encodes the removal of what a key stands for. */
    public static KindRecord tombstone(Message key) {
        return new KindRecord(encode(key.apiKey(), key, KEY_VERSION), null);
    }

    private static ByteBuffer encode(short prefix, Message message, short version) {
        MessageWriter out = new MessageWriter();
        out.writeInt16(prefix);
        message.write(out, version);
        if (out.finish().parts().get(0) instanceof OutboundPart.Bytes bytes) {
            return bytes.buffer();
        }
        throw new IllegalStateException("a record without bytes");
    }

    /** The record type. */
    public short type() {
        return key.getShort(key.position());
    }

    public boolean isTombstone() {
        return value == null;
    }

    /** Reads the key into a message of its schema. */
    public <M extends Message> M readKey(M message) {
        MessageReader in = new MessageReader(key.duplicate());
        in.readInt16("type");
        message.read(in, KEY_VERSION);
        return message;
    }

    /**
     * Reads the value into a message of its schema, in the version that it was written in.
     *
     * @throws MalformedMessageException for a tombstone, and for a version that is newer than this broker
     */
    public <M extends Message> M readValue(M message) {
        ByteBuffer bytes = value;
        if (bytes == null) {
            throw new MalformedMessageException("a tombstone has no value");
        }
        MessageReader in = new MessageReader(bytes.duplicate());
        short version = in.readInt16("version");
        if (version > message.highestSupportedVersion()) {
            throw new MalformedMessageException("a value of version " + version + ", which is newer than this broker");
        }
        message.read(in, version);
        return message;
    }
}
