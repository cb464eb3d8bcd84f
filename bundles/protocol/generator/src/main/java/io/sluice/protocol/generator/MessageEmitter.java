package io.sluice.protocol.generator;

/** Emits the source file of one schema. */
final class MessageEmitter {
    private MessageEmitter() {}

    static String emit(MessageSpec message, String packageName) {
        SourceBuilder out = new SourceBuilder();
        out.line("package %s;", packageName);
        out.blank();
        for (String type : new String[] {
            "io.sluice.base.Uuid",
            "io.sluice.protocol.Message",
            "io.sluice.protocol.MessageReader",
            "io.sluice.protocol.MessageWriter",
            "io.sluice.protocol.RawTaggedField",
            "io.sluice.protocol.Records",
            "io.sluice.protocol.UnsupportedVersionException",
            "java.nio.ByteBuffer",
            "java.util.ArrayList",
            "java.util.Arrays",
            "java.util.List",
            "java.util.Objects",
            "org.jspecify.annotations.Nullable"
        }) {
            out.line("import %s;", type);
        }
        out.blank();
        new StructEmitter(out, message, message.root()).emit();
        return out.toString();
    }

    static String packageInfo(String packageName, String about) {
        SourceBuilder out = new SourceBuilder();
        out.doc(about);
        for (String annotation : new String[] {"@Export", "@Version(\"1.0.0\")", "@NullMarked"}) {
            out.line(annotation);
        }
        out.line("package %s;", packageName);
        out.blank();
        for (String type : new String[] {
            "org.jspecify.annotations.NullMarked",
            "org.osgi.annotation.bundle.Export",
            "org.osgi.annotation.versioning.Version"
        }) {
            out.line("import %s;", type);
        }
        return out.toString();
    }
}
