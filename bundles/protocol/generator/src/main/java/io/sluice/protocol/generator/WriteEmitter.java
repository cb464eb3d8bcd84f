package io.sluice.protocol.generator;

import java.util.Comparator;
import java.util.List;

/** Emits the encoding method of a structure. */
final class WriteEmitter {
    private final SourceBuilder out;
    private final MessageSpec message;
    private final StructSpec struct;

    WriteEmitter(SourceBuilder out, MessageSpec message, StructSpec struct) {
        this.out = out;
        this.message = message;
        this.struct = struct;
    }

    static List<FieldSpec> taggedFields(StructSpec struct) {
        return struct.fields().stream()
                .filter(FieldSpec::tagged)
                .sorted(Comparator.comparingInt(FieldSpec::tag))
                .toList();
    }

    void emit() {
        String flexible = message.flexibleVersions().condition(struct.versions());
        if (!flexible.equals("true") && !flexible.equals("false")) {
            out.line("boolean flexible = %s;", flexible);
            flexible = "flexible";
        }
        for (FieldSpec field : struct.fields()) {
            plainField(field, flexible);
        }
        switch (flexible) {
            case "true" -> taggedSection();
            case "false" -> refuseUnknown();
            default -> {
                out.line("if (flexible) {");
                taggedSection();
                out.line("} else {");
                refuseUnknown();
                out.line("}");
            }
        }
    }

    private void refuseUnknown() {
        out.line("if (this.unknownTaggedFields != null && !this.unknownTaggedFields.isEmpty()) {");
        out.line("throw UnsupportedVersionException.ofField(\"%s\", \"tagged fields\", version);", struct.name());
        out.line("}");
    }

    private void plainField(FieldSpec field, String flexible) {
        String present = field.plainVersions().condition(struct.versions());
        if (present.equals("true")) {
            value(field, flexible, false);
            return;
        }
        if (!present.equals("false")) {
            out.line("if (%s) {", present);
            value(field, flexible, false);
            out.line("}");
        }
        String known = field.versions().condition(struct.versions());
        if (!field.ignorable() && !known.equals("true")) {
            out.line("if (!(%s) && %s) {", known, Defaults.differs(field));
            out.line(
                    "throw UnsupportedVersionException.ofField(\"%s\", \"%s\", version);", struct.name(), field.name());
            out.line("}");
        }
    }

    private void value(FieldSpec field, String messageFlexible, boolean tagged) {
        String flexible = field.flexibleOverride() == null
                ? messageFlexible
                : field.flexibleOverride().condition(struct.versions());
        if (field.type() instanceof FieldType.Primitive primitive) {
            String method = isError(field) ? "ErrorCode" : primitive.method;
            out.line("out.write%s(this.%s);", method, field.name());
            return;
        }
        String nullable = field.nullableVersions().condition(struct.versions().and(field.versions()));
        if (field.nullable() && !nullable.equals("true")) {
            String refuse = nullable.equals("false") ? "" : "!(" + nullable + ") && ";
            out.line("if (%sthis.%s == null) {", refuse, field.name());
            out.line("throw UnsupportedVersionException.ofNull(\"%s\", \"%s\", version);", struct.name(), field.name());
            out.line("}");
        }
        boolean mayBeNull = !nullable.equals("false");
        if (field.type() instanceof FieldType.Array array) {
            array(field, array, flexible, mayBeNull);
        } else if (field.type() instanceof FieldType.Struct) {
            struct(field, nullable, mayBeNull, tagged);
        } else {
            out.line(leaf(field.type(), "this." + field.name(), flexible, mayBeNull, field.name()));
        }
    }

    private static boolean isError(FieldSpec field) {
        return field.type() == FieldType.Primitive.INT16
                && (field.name().equals("errorCode") || field.name().endsWith("ErrorCode"));
    }

    /** A nullable structure follows a byte that says whether it is there; in a tagged field that is an unsigned varint. */
    private void struct(FieldSpec field, String nullable, boolean mayBeNull, boolean tagged) {
        if (!mayBeNull) {
            out.line("this.%s.write(out, version);", field.name());
            return;
        }
        if (!nullable.equals("true")) {
            throw new IllegalArgumentException(field.name() + " is a structure that is nullable in some versions only");
        }
        out.line("if (this.%s == null) {", field.name());
        out.line(tagged ? "out.writeUnsignedVarint(0);" : "out.writeInt8((byte) -1);");
        out.line("} else {");
        out.line(tagged ? "out.writeUnsignedVarint(1);" : "out.writeInt8((byte) 1);");
        out.line("this.%s.write(out, version);", field.name());
        out.line("}");
    }

    private void array(FieldSpec field, FieldType.Array array, String flexible, boolean mayBeNull) {
        String it = "this." + field.name();
        if (mayBeNull) {
            out.line("if (%s == null) {", it);
            out.line("out.writeArrayCount(%s, -1);", flexible);
            out.line("} else {");
        } else {
            out.line("{");
        }
        out.line("int count = %s.size();", it);
        out.line("out.writeArrayCount(%s, count);", flexible);
        out.line("for (int i = 0; i < count; i++) {");
        if (array.element() instanceof FieldType.Primitive primitive) {
            out.line("out.write%s(%s.get(i));", primitive.method, it);
        } else if (array.element() instanceof FieldType.Struct) {
            out.line("%s.get(i).write(out, version);", it);
        } else {
            out.line(leaf(array.element(), it + ".get(i)", flexible, false, field.name()));
        }
        out.line("}");
        out.line("}");
    }

    private static String leaf(FieldType type, String value, String flexible, boolean mayBeNull, String name) {
        String nullable = mayBeNull ? "Nullable" : "";
        if (type instanceof FieldType.Text) {
            return "out.write" + nullable + "String(" + flexible + ", " + value + ", \"" + name + "\");";
        }
        String method = type instanceof FieldType.RecordData
                ? "Records"
                : ((FieldType.Bytes) type).zeroCopy() ? "Buffer" : "Bytes";
        return "out.write" + nullable + method + "(" + flexible + ", " + value + ");";
    }

    private void taggedSection() {
        List<FieldSpec> tagged = taggedFields(struct);
        if (tagged.isEmpty()) {
            out.line("out.writeUnknownTags(this.unknownTaggedFields);");
            return;
        }
        Versions possible = struct.versions().and(message.flexibleVersions());
        out.line("int tags = this.unknownTaggedFields == null ? 0 : this.unknownTaggedFields.size();");
        for (FieldSpec field : tagged) {
            out.line("boolean has%s = %s;", field.capitalized(), written(field, possible));
            out.line("if (has%s) {", field.capitalized());
            out.line("tags++;");
            out.line("}");
        }
        out.line("out.writeUnsignedVarint(tags);");
        out.line("int next = 0;");
        for (FieldSpec field : tagged) {
            out.line("if (has%s) {", field.capitalized());
            out.line("next = out.writeUnknownTagsBelow(this.unknownTaggedFields, next, %d);", field.tag());
            out.line("int mark = out.beginTag(%d);", field.tag());
            value(field, "true", true);
            out.line("out.endTag(mark);");
            out.line("}");
        }
        out.line("out.writeUnknownTagsFrom(this.unknownTaggedFields, next);");
    }

    private static String written(FieldSpec field, Versions possible) {
        String present = field.taggedVersions().condition(possible);
        return present.equals("true") ? Defaults.differs(field) : present + " && " + Defaults.differs(field);
    }
}
