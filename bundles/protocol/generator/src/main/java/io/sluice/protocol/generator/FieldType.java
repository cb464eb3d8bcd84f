package io.sluice.protocol.generator;

/** The type of a schema field. */
sealed interface FieldType {

    /** The Java type of a field that cannot be null. */
    String javaType();

    /** The Java type inside a collection. */
    default String boxedType() {
        return javaType();
    }

    /** Fixed-size values. */
    enum Primitive implements FieldType {
        BOOL("bool", "boolean", "Boolean", "Bool"),
        INT8("int8", "byte", "Byte", "Int8"),
        INT16("int16", "short", "Short", "Int16"),
        UINT16("uint16", "int", "Integer", "Uint16"),
        INT32("int32", "int", "Integer", "Int32"),
        UINT32("uint32", "long", "Long", "Uint32"),
        INT64("int64", "long", "Long", "Int64"),
        FLOAT64("float64", "double", "Double", "Float64"),
        UUID("uuid", "Uuid", "Uuid", "Uuid");

        final String schemaName;
        final String method;
        private final String javaType;
        private final String boxedType;

        Primitive(String schemaName, String javaType, String boxedType, String method) {
            this.schemaName = schemaName;
            this.javaType = javaType;
            this.boxedType = boxedType;
            this.method = method;
        }

        @Override
        public String javaType() {
            return javaType;
        }

        @Override
        public String boxedType() {
            return boxedType;
        }
    }

    /** A UTF-8 string. */
    record Text() implements FieldType {
        @Override
        public String javaType() {
            return "String";
        }
    }

    /** Opaque bytes: an array, or a slice of the input when the schema asks for no copy. */
    record Bytes(boolean zeroCopy) implements FieldType {
        @Override
        public String javaType() {
            return zeroCopy ? "ByteBuffer" : "byte[]";
        }
    }

    /** Record batches. */
    record RecordData() implements FieldType {
        @Override
        public String javaType() {
            return "Records";
        }
    }

    /** A nested or common structure. */
    record Struct(String name) implements FieldType {
        @Override
        public String javaType() {
            return name;
        }
    }

    /** A sequence of one element type. */
    record Array(FieldType element) implements FieldType {
        @Override
        public String javaType() {
            return "List<" + element.boxedType() + ">";
        }
    }

    static FieldType parse(String text, boolean zeroCopy) {
        if (text.startsWith("[]")) {
            FieldType element = parse(text.substring(2), zeroCopy);
            if (element instanceof Array) {
                throw new IllegalArgumentException("array of arrays: " + text);
            }
            return new Array(element);
        }
        for (Primitive primitive : Primitive.values()) {
            if (primitive.schemaName.equals(text)) {
                return primitive;
            }
        }
        return switch (text) {
            case "string" -> new Text();
            case "bytes" -> new Bytes(zeroCopy);
            case "records" -> new RecordData();
            default -> {
                if (!Character.isUpperCase(text.charAt(0))) {
                    throw new IllegalArgumentException("unknown type " + text);
                }
                yield new Struct(text);
            }
        };
    }
}
