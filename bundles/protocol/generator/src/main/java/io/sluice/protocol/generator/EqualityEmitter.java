package io.sluice.protocol.generator;

/** Emits equals, hashCode and toString; the text shows bytes by their length only, for they may be secrets. */
final class EqualityEmitter {
    private final SourceBuilder out;
    private final StructSpec struct;

    EqualityEmitter(SourceBuilder out, StructSpec struct) {
        this.out = out;
        this.struct = struct;
    }

    void emit() {
        equality();
        hash();
        text();
    }

    private void equality() {
        out.line("@Override");
        out.line("public boolean equals(@Nullable Object object) {");
        out.line("if (this == object) {");
        out.line("return true;");
        out.line("}");
        out.line("if (!(object instanceof %s other)) {", struct.name());
        out.line("return false;");
        out.line("}");
        for (FieldSpec field : struct.fields()) {
            out.line("if (!%s) {", same(field));
            out.line("return false;");
            out.line("}");
        }
        out.line("return RawTaggedField.same(this.unknownTaggedFields, other.unknownTaggedFields);");
        out.line("}");
        out.blank();
    }

    private static String same(FieldSpec field) {
        String name = field.name();
        if (isArray(field)) {
            return "Arrays.equals(this." + name + ", other." + name + ")";
        }
        if (field.type() == FieldType.Primitive.FLOAT64) {
            return "(Double.compare(this." + name + ", other." + name + ") == 0)";
        }
        if (field.type() instanceof FieldType.Primitive && field.type() != FieldType.Primitive.UUID) {
            return "(this." + name + " == other." + name + ")";
        }
        return "Objects.equals(this." + name + ", other." + name + ")";
    }

    private void hash() {
        out.line("@Override");
        out.line("public int hashCode() {");
        out.line("int hash = %d;", struct.name().length());
        for (FieldSpec field : struct.fields()) {
            String call;
            if (isArray(field)) {
                call = "Arrays.hashCode(this." + field.name() + ")";
            } else if (field.type() instanceof FieldType.Primitive primitive && primitive != FieldType.Primitive.UUID) {
                call = primitive.boxedType() + ".hashCode(this." + field.name() + ")";
            } else {
                call = "Objects.hashCode(this." + field.name() + ")";
            }
            out.line("hash = 31 * hash + %s;", call);
        }
        out.line("return hash;");
        out.line("}");
        out.blank();
    }

    private void text() {
        out.line("@Override");
        out.line("public String toString() {");
        StringBuilder text = new StringBuilder("return \"" + struct.name() + "(\"");
        String separator = "";
        for (FieldSpec field : struct.fields()) {
            text.append("\n                + \"")
                    .append(separator)
                    .append(field.name())
                    .append("=\" + ");
            String it = "this." + field.name();
            text.append(isArray(field) ? "MessageReader.describe(" + it + ")" : it);
            separator = ", ";
        }
        out.line(text + " + \")\";");
        out.line("}");
    }

    private static boolean isArray(FieldSpec field) {
        return field.type() instanceof FieldType.Bytes bytes && !bytes.zeroCopy();
    }
}
