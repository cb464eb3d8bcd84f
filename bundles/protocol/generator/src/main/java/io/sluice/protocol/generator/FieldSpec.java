package io.sluice.protocol.generator;

import org.jspecify.annotations.Nullable;

/**
 * One field of a schema.
 *
 * @param name camel case, lower first letter: also the name of its getter
 * @param flexibleOverride the field's own flexible versions, null when those of the message hold
 * @param tag the tag of a tagged field, -1 for others
 * @param defaultText the default as the schema writes it, empty when it is the type's own
 * @param nullDefault the default is null
 */
record FieldSpec(
        String name,
        FieldType type,
        Versions versions,
        Versions nullableVersions,
        Versions taggedVersions,
        @Nullable Versions flexibleOverride,
        int tag,
        boolean ignorable,
        String defaultText,
        boolean nullDefault,
        String about) {

    boolean nullable() {
        return !nullableVersions.isEmpty() || type instanceof FieldType.RecordData;
    }

    boolean tagged() {
        return tag >= 0;
    }

    /** The versions in which the field lies among the others, not in the tagged section. */
    Versions plainVersions() {
        return versions.minus(taggedVersions);
    }

    String capitalized() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    String javaType() {
        if (!nullable()) {
            return type.javaType();
        }
        return type.javaType().equals("byte[]") ? "byte @Nullable []" : "@Nullable " + type.javaType();
    }
}
