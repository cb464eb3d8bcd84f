package io.sluice.protocol.generator;

/** Emits one data class: fields, accessors, codec, equality. */
final class StructEmitter {
    private final SourceBuilder out;
    private final MessageSpec message;
    private final StructSpec struct;
    private final boolean root;

    StructEmitter(SourceBuilder out, MessageSpec message, StructSpec struct) {
        this.out = out;
        this.message = message;
        this.struct = struct;
        this.root = struct == message.root();
    }

    void emit() {
        if (!struct.about().isBlank()) {
            out.doc(struct.about());
        } else {
            out.doc(root ? title() : "A part of " + message.name() + ".");
        }
        String shape = root ? "public final class %s implements Message {" : "public static final class %s {";
        out.line(String.format(shape, struct.name()));
        if (root) {
            out.line(
                    "public static final short LOWEST_SUPPORTED_VERSION = %d;",
                    message.versions().lowest());
            out.line(
                    "public static final short HIGHEST_SUPPORTED_VERSION = %d;",
                    message.versions().highest());
            out.blank();
        }
        for (FieldSpec field : struct.fields()) {
            out.line("private %s %s = %s;", field.javaType(), field.name(), Defaults.value(field));
        }
        out.line("private @Nullable List<RawTaggedField> unknownTaggedFields;");
        out.blank();
        struct.fields().forEach(this::accessors);
        unknownTaggedFields();
        if (root) {
            identity();
        }
        codec();
        new EqualityEmitter(out, struct).emit();
        if (root) {
            for (StructSpec nested : message.structs()) {
                out.blank();
                new StructEmitter(out, message, nested).emit();
            }
        }
        out.line("}");
    }

    private String title() {
        String kind = message.kind().replace('-', ' ');
        return "The " + kind + " " + message.name() + ", versions "
                + message.versions().lowest() + " to " + message.versions().highest() + ".";
    }

    private void accessors(FieldSpec field) {
        out.doc(field.about());
        out.line("public %s %s() {", field.javaType(), field.name());
        out.line("return this.%s;", field.name());
        out.line("}");
        out.blank();
        out.line("public %s set%s(%s value) {", struct.name(), field.capitalized(), field.javaType());
        if (field.type() == FieldType.Primitive.UINT16) {
            out.line("MessageWriter.checkUint16(value, \"%s\");", field.name());
        } else if (field.type() == FieldType.Primitive.UINT32) {
            out.line("MessageWriter.checkUint32(value, \"%s\");", field.name());
        }
        boolean reference = !(field.type() instanceof FieldType.Primitive) || field.type() == FieldType.Primitive.UUID;
        out.line(
                reference && !field.nullable()
                        ? "this." + field.name() + " = Objects.requireNonNull(value, \"" + field.name() + "\");"
                        : "this." + field.name() + " = value;");
        out.line("return this;");
        out.line("}");
        out.blank();
    }

    private void unknownTaggedFields() {
        out.doc("Tagged fields that this schema does not know; kept and written back.");
        out.line("public List<RawTaggedField> unknownTaggedFields() {");
        out.line("if (this.unknownTaggedFields == null) {");
        out.line("this.unknownTaggedFields = new ArrayList<>(0);");
        out.line("}");
        out.line("return this.unknownTaggedFields;");
        out.line("}");
        out.blank();
    }

    private void identity() {
        constant("apiKey", String.valueOf(message.apiKey()));
        constant("lowestSupportedVersion", "LOWEST_SUPPORTED_VERSION");
        constant("highestSupportedVersion", "HIGHEST_SUPPORTED_VERSION");
    }

    private void constant(String method, String value) {
        out.line("@Override");
        out.line("public short %s() {", method);
        out.line("return %s;", value);
        out.line("}");
        out.blank();
    }

    private void codec() {
        if (root) {
            out.line("@Override");
        }
        out.line("public void read(MessageReader in, short version) {");
        checkVersion();
        new ReadEmitter(out, message, struct).emit();
        out.line("}");
        out.blank();
        if (!root) {
            out.line("static %s readFrom(MessageReader in, short version) {", struct.name());
            out.line("%s struct = new %s();", struct.name(), struct.name());
            out.line("struct.read(in, version);");
            out.line("return struct;");
            out.line("}");
            out.blank();
        }
        if (root) {
            out.line("@Override");
        }
        out.line("public void write(MessageWriter out, short version) {");
        checkVersion();
        new WriteEmitter(out, message, struct).emit();
        out.line("}");
        out.blank();
    }

    private void checkVersion() {
        if (root) {
            out.line("if (version < LOWEST_SUPPORTED_VERSION || version > HIGHEST_SUPPORTED_VERSION) {");
            out.line("throw UnsupportedVersionException.ofMessage(\"%s\", version);", message.name());
            out.line("}");
        }
    }
}
