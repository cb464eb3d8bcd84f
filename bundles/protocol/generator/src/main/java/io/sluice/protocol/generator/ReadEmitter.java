package io.sluice.protocol.generator;

import java.util.List;

/** Emits the decoding method of a structure. */
final class ReadEmitter {
    private final SourceBuilder out;
    private final MessageSpec message;
    private final StructSpec struct;

    ReadEmitter(SourceBuilder out, MessageSpec message, StructSpec struct) {
        this.out = out;
        this.message = message;
        this.struct = struct;
    }

    void emit() {
        String flexible = message.flexibleVersions().condition(struct.versions());
        if (!isConstant(flexible)) {
            out.line("boolean flexible = %s;", flexible);
            flexible = "flexible";
        }
        for (FieldSpec field : struct.fields()) {
            plainField(field, flexible);
        }
        out.line("this.unknownTaggedFields = null;");
        if (!flexible.equals("false")) {
            if (flexible.equals("flexible")) {
                out.line("if (flexible) {");
            }
            taggedSection();
            if (flexible.equals("flexible")) {
                out.line("}");
            }
        }
    }

    private void plainField(FieldSpec field, String flexible) {
        String present = field.plainVersions().condition(struct.versions());
        String reset = "this." + field.name() + " = " + Defaults.value(field) + ";";
        if (present.equals("false")) {
            out.line(reset);
        } else if (present.equals("true")) {
            value(field, flexible, false);
        } else {
            out.line("if (%s) {", present);
            value(field, flexible, false);
            out.line("} else {");
            out.line(reset);
            out.line("}");
        }
    }

    private void value(FieldSpec field, String messageFlexible, boolean tagged) {
        String flexible = field.flexibleOverride() == null
                ? messageFlexible
                : field.flexibleOverride().condition(struct.versions());
        String nullable = field.nullableVersions().condition(struct.versions().and(field.versions()));
        if (field.type() instanceof FieldType.Array array) {
            array(field, array, flexible, nullable);
        } else if (tagged && field.type() instanceof FieldType.Struct && nullable.equals("true")) {
            String read = expression(field.type(), field.name(), flexible, "false");
            out.line("this.%s = in.readTaggedPresence(\"%s\") ? %s : null;", field.name(), field.name(), read);
        } else if (isConstant(nullable)) {
            out.line("this.%s = %s;", field.name(), expression(field.type(), field.name(), flexible, nullable));
        } else {
            out.line(
                    "this.%s = %s ? %s : %s;",
                    field.name(),
                    nullable,
                    expression(field.type(), field.name(), flexible, "true"),
                    expression(field.type(), field.name(), flexible, "false"));
        }
    }

    private void array(FieldSpec field, FieldType.Array array, String flexible, String nullable) {
        out.line("{");
        out.line("int count = in.readArrayCount(%s, %s, \"%s\");", flexible, nullable, field.name());
        if (!nullable.equals("false")) {
            out.line("if (count < 0) {");
            out.line("this.%s = null;", field.name());
            out.line("} else {");
        }
        String element = array.element().boxedType();
        out.line("List<%s> elements = new ArrayList<>(MessageReader.initialCapacity(count));", element);
        out.line("for (int i = 0; i < count; i++) {");
        out.line("elements.add(%s);", expression(array.element(), field.name(), flexible, "false"));
        out.line("}");
        out.line("this.%s = elements;", field.name());
        if (!nullable.equals("false")) {
            out.line("}");
        }
        out.line("}");
    }

    private static String expression(FieldType type, String name, String flexible, String nullable) {
        String quoted = '"' + name + '"';
        if (type instanceof FieldType.Primitive primitive) {
            return "in.read" + primitive.method + "(" + quoted + ")";
        }
        if (type instanceof FieldType.Struct struct) {
            String read = struct.name() + ".readFrom(in, version)";
            return nullable.equals("true") ? "in.readPresence(" + quoted + ") ? " + read + " : null" : read;
        }
        String method = type instanceof FieldType.Text
                ? "String"
                : type instanceof FieldType.RecordData
                        ? "Records"
                        : ((FieldType.Bytes) type).zeroCopy() ? "Buffer" : "Bytes";
        String prefix = nullable.equals("true") ? "in.readNullable" : "in.read";
        return prefix + method + "(" + flexible + ", " + quoted + ")";
    }

    private void taggedSection() {
        List<FieldSpec> tagged = WriteEmitter.taggedFields(struct);
        out.line("int tags = in.readTagCount();");
        out.line("for (int t = 0; t < tags; t++) {");
        out.line("int tag = in.readUnsignedVarint(\"tag\");");
        out.line("int end = in.readTagEnd();");
        if (tagged.isEmpty()) {
            unknown();
        } else {
            out.line("switch (tag) {");
            for (FieldSpec field : tagged) {
                taggedCase(field);
            }
            out.line("default -> {");
            unknown();
            out.line("}");
            out.line("}");
        }
        out.line("in.finishTag(end);");
        out.line("}");
    }

    private void taggedCase(FieldSpec field) {
        Versions possible = struct.versions().and(message.flexibleVersions());
        String present = field.taggedVersions().condition(possible);
        out.line("case %d -> {", field.tag());
        if (present.equals("true")) {
            value(field, "true", true);
        } else {
            out.line("if (%s) {", present);
            value(field, "true", true);
            out.line("} else {");
            unknown();
            out.line("}");
        }
        out.line("}");
    }

    private void unknown() {
        out.line("this.unknownTaggedFields = in.readUnknownTag(this.unknownTaggedFields, tag, end);");
    }

    private static boolean isConstant(String condition) {
        return condition.equals("true") || condition.equals("false");
    }
}
