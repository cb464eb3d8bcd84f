package io.sluice.broker.kernel;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.MessageBytes;
import io.sluice.request.api.Request;
import io.sluice.request.kit.RecordingRequest;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Struct;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Requests that ask for one of everything: by Kafka's schemas, each list has one element. */
final class Asked {
    private Asked() {}

    static Request of(ApiKey api, short version) {
        Schema schema = ApiKeys.forId(api.id()).messageType.requestSchemas()[version];
        Struct struct = struct(schema);
        ByteBuffer bytes = ByteBuffer.allocate(schema.sizeOf(struct));
        schema.write(bytes, struct);
        return RecordingRequest.of(version, MessageBytes.decode(bytes.flip(), api.newRequest(), version));
    }

    private static Struct struct(Schema schema) {
        Struct struct = new Struct(schema);
        for (BoundField field : schema.fields()) {
            struct.set(field, value(field.def.type));
        }
        return struct;
    }

    private static Object value(Type type) {
        if (type instanceof TaggedFields) {
            return new TreeMap<>();
        }
        if (type instanceof Schema schema) {
            return struct(schema);
        }
        if (type.isArray()) {
            return new Object[] {value(type.arrayElementType().orElseThrow())};
        }
        String name =
                ((Type.DocumentedType) type).typeName().replace("NULLABLE_", "").replace("COMPACT_", "");
        return switch (name) {
            case "BOOLEAN" -> true;
            case "INT8" -> (byte) 1;
            case "INT16" -> (short) 1;
            case "INT32", "UINT16" -> 1;
            case "UINT32", "INT64" -> 1L;
            case "FLOAT64" -> 1.0;
            case "UUID" -> new Uuid(1L, 1L);
            case "STRING" -> "a";
            case "BYTES" -> ByteBuffer.allocate(0);
            case "RECORDS" -> MemoryRecords.EMPTY;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
