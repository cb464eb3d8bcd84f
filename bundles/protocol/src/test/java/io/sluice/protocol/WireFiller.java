package io.sluice.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Makes valid bytes for a schema of Kafka's, from a seed: what neither codec under test has written. */
final class WireFiller {
    private static final int UNKNOWN_TAG = 40;

    /** What the values look like. */
    enum Style {
        EMPTY,
        /** Very many elements that are as small as can be: the most objects for the fewest bytes. */
        MANY_EMPTY,
        NULLS,
        RANDOM,
        BOUNDARIES,
        LARGE
    }

    private final Random random;
    private final Style style;

    WireFiller(long seed, Style style) {
        this.random = new Random(seed);
        this.style = style;
    }

    ByteBuffer fill(Schema schema) {
        Object value = struct(schema, 0);
        ByteBuffer bytes = ByteBuffer.allocate(schema.sizeOf(value));
        schema.write(bytes, value);
        return bytes.flip();
    }

    private Struct struct(Schema schema, int depth) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            struct.set(field, value(field.def.type, depth));
        }
        return struct;
    }

    private Object value(Type type, int depth) {
        if (type instanceof TaggedFields tagged) {
            return tagged(tagged, depth);
        }
        if (type.isNullable() && (style == Style.NULLS || style == Style.RANDOM && random.nextInt(4) == 0)) {
            return null;
        }
        if (type instanceof Schema schema) {
            return struct(schema, depth);
        }
        if (type.isArray()) {
            Object[] elements = new Object[arraySize(depth)];
            for (int i = 0; i < elements.length; i++) {
                elements[i] = value(type.arrayElementType().orElseThrow(), depth + 1);
            }
            return elements;
        }
        return leaf(((Type.DocumentedType) type).typeName());
    }

    private int arraySize(int depth) {
        return switch (style) {
            case EMPTY, NULLS -> depth == 0 ? 1 : 0;
            case MANY_EMPTY -> depth == 0 ? 1000 : 0;
            case RANDOM -> random.nextInt(4);
            case BOUNDARIES -> random.nextInt(3);
            case LARGE -> depth == 0 ? 130 : random.nextInt(3);
        };
    }

    private Object tagged(TaggedFields fields, int depth) {
        TreeMap<Integer, Object> values = new TreeMap<>();
        fields.fields().forEach((tag, field) -> {
            if (!isEmpty() && random.nextInt(3) > 0) {
                values.put(tag, taggedValue(field, depth));
            }
        });
        if (!isEmpty() && random.nextInt(3) == 0) {
            byte[] data = new byte[random.nextInt(200)];
            random.nextBytes(data);
            int tag = UNKNOWN_TAG + random.nextInt(1000);
            values.put(tag, new RawTaggedField(tag, data));
        }
        return values;
    }

    private Object taggedValue(Field field, int depth) {
        // Kafka's schema objects and its classes disagree on a null structure in a tagged field; a test of its own
        // covers that.
        return field.type instanceof Schema schema ? struct(schema, depth + 1) : value(field.type, depth + 1);
    }

    private boolean isEmpty() {
        return style == Style.EMPTY || style == Style.MANY_EMPTY;
    }

    private Object leaf(String type) {
        return switch (type) {
            case "BOOLEAN" -> random.nextBoolean();
            case "INT8" -> (byte) number(Byte.MIN_VALUE, Byte.MAX_VALUE);
            case "INT16" -> (short) number(Short.MIN_VALUE, Short.MAX_VALUE);
            case "UINT16" -> (int) number(0, 0xffff);
            case "INT32" -> (int) number(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "UINT32" -> number(0, 0xffffffffL);
            case "INT64" -> number(Long.MIN_VALUE, Long.MAX_VALUE);
            case "FLOAT64" -> number(Integer.MIN_VALUE, Integer.MAX_VALUE) / 8.0;
            case "UUID" -> new Uuid(number(Long.MIN_VALUE, Long.MAX_VALUE), number(Long.MIN_VALUE, Long.MAX_VALUE));
            case "STRING", "NULLABLE_STRING", "COMPACT_STRING", "COMPACT_NULLABLE_STRING" -> text();
            case "BYTES", "NULLABLE_BYTES", "COMPACT_BYTES", "COMPACT_NULLABLE_BYTES" -> ByteBuffer.wrap(bytes());
            case "RECORDS", "NULLABLE_RECORDS", "COMPACT_RECORDS", "COMPACT_NULLABLE_RECORDS" ->
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes()));
            default -> throw new IllegalArgumentException(type);
        };
    }

    private long number(long lowest, long highest) {
        return switch (style) {
            case EMPTY, MANY_EMPTY -> 0L;
            case BOUNDARIES ->
                switch (random.nextInt(4)) {
                    case 0 -> lowest;
                    case 1 -> highest;
                    case 2 -> 1L;
                    default -> Math.max(-1L, lowest);
                };
            default ->
                lowest == Long.MIN_VALUE
                        ? random.nextLong()
                        : lowest + (long) (random.nextDouble() * (highest - lowest));
        };
    }

    private String text() {
        int length =
                switch (style) {
                    case EMPTY, MANY_EMPTY -> 0;
                    case BOUNDARIES -> new int[] {0, 126, 127, 128, 300}[random.nextInt(5)];
                    default -> random.nextInt(20);
                };
        StringBuilder text = new StringBuilder();
        String alphabet = "abcXYZ019._-\u00e9\u4e16\ud83d\ude00";
        for (int i = 0; i < length; i++) {
            int at = random.nextInt(15);
            text.appendCodePoint(at == 14 ? 0x1f600 : alphabet.charAt(at));
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        int length =
                switch (style) {
                    case EMPTY, MANY_EMPTY -> 0;
                    case BOUNDARIES -> new int[] {0, 1, 127, 128, 5000}[random.nextInt(5)];
                    default -> random.nextInt(50);
                };
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
