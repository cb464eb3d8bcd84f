package io.sluice.protocol.generator;

/** Java expressions for a field's default value and for the question whether it differs from it. */
final class Defaults {
    private Defaults() {}

    static String value(FieldSpec field) {
        if (field.nullDefault() || field.type() instanceof FieldType.RecordData) {
            return "null";
        }
        if (field.type() instanceof FieldType.Primitive primitive) {
            return primitive(primitive, field.defaultText());
        }
        if (field.type() instanceof FieldType.Text) {
            return '"' + field.defaultText().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        if (!field.defaultText().isEmpty()) {
            throw new IllegalArgumentException(field.name() + ": default " + field.defaultText());
        }
        if (field.type() instanceof FieldType.Bytes bytes) {
            return bytes.zeroCopy() ? "MessageReader.EMPTY_BUFFER" : "MessageReader.EMPTY_BYTES";
        }
        if (field.type() instanceof FieldType.Array) {
            return "new ArrayList<>(0)";
        }
        return "new " + field.type().javaType() + "()";
    }

    private static String primitive(FieldType.Primitive type, String text) {
        return switch (type) {
            case BOOL -> text.isEmpty() ? "false" : String.valueOf(Boolean.parseBoolean(text));
            case INT8 -> "(byte) " + number(text);
            case INT16 -> "(short) " + number(text);
            case UINT16, INT32 -> String.valueOf(number(text));
            case UINT32, INT64 -> number(text) + "L";
            case FLOAT64 -> text.isEmpty() ? "0.0" : String.valueOf(Double.parseDouble(text));
            case UUID -> {
                if (!text.isEmpty()) {
                    throw new IllegalArgumentException("default of an id: " + text);
                }
                yield "Uuid.ZERO";
            }
        };
    }

    private static long number(String text) {
        return text.isEmpty() ? 0L : Long.decode(text);
    }

    static String differs(FieldSpec field) {
        String it = "this." + field.name();
        if (field.nullDefault() || field.type() instanceof FieldType.RecordData) {
            return it + " != null";
        }
        if (field.type() instanceof FieldType.Primitive primitive) {
            return primitive == FieldType.Primitive.UUID ? "!" + it + ".isZero()" : it + " != " + value(field);
        }
        String differs;
        if (field.type() instanceof FieldType.Bytes bytes) {
            differs = bytes.zeroCopy() ? it + ".hasRemaining()" : it + ".length != 0";
        } else if (field.type() instanceof FieldType.Array) {
            differs = "!" + it + ".isEmpty()";
        } else {
            differs = "!" + it + ".equals(" + value(field) + ")";
        }
        return field.nullable() ? "(" + it + " == null || " + differs + ")" : differs;
    }
}
