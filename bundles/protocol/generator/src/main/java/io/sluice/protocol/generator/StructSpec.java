package io.sluice.protocol.generator;

import java.util.List;

/** A structure: the message itself, one nested in it, or one that several of its fields share. */
record StructSpec(String name, Versions versions, List<FieldSpec> fields, String about) {}
