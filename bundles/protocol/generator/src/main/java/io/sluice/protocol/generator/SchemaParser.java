package io.sluice.protocol.generator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads schema files: JSON with comments. */
final class SchemaParser {
    private final ObjectMapper json =
            JsonMapper.builder().enable(JsonParser.Feature.ALLOW_COMMENTS).build();

    MessageSpec parse(Path file) throws IOException {
        try {
            return message(json.readTree(file.toFile()));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static MessageSpec message(JsonNode node) {
        Versions valid = Versions.parse(text(node, "validVersions", "none"));
        Map<String, StructSpec> structs = new LinkedHashMap<>();
        for (JsonNode common : node.path("commonStructs")) {
            Versions versions = Versions.parse(text(common, "versions", "0+")).and(valid);
            add(structs, struct(common, common.path("name").asText(), versions, structs));
        }
        StructSpec root = struct(node, node.path("name").asText(), valid, structs);
        List<String> listeners = new ArrayList<>();
        node.path("listeners").forEach(l -> listeners.add(l.asText()));
        return new MessageSpec(
                text(node, "type", ""),
                node.path("apiKey").asInt(-1),
                node.path("latestVersionUnstable").asBoolean(false),
                List.copyOf(listeners),
                Versions.parse(text(node, "flexibleVersions", "none")),
                root,
                List.copyOf(structs.values()));
    }

    private static StructSpec struct(JsonNode node, String name, Versions versions, Map<String, StructSpec> structs) {
        List<FieldSpec> fields = new ArrayList<>();
        for (JsonNode child : node.path("fields")) {
            FieldSpec field = field(child);
            fields.add(field);
            if (child.has("fields")) {
                Versions inner = field.versions().and(versions);
                add(structs, struct(child, structName(field.type()), inner, structs));
            }
        }
        return new StructSpec(name, versions, List.copyOf(fields), text(node, "about", ""));
    }

    private static void add(Map<String, StructSpec> structs, StructSpec struct) {
        if (structs.putIfAbsent(struct.name(), struct) != null) {
            throw new IllegalArgumentException("structure " + struct.name() + " is defined twice");
        }
    }

    private static String structName(FieldType type) {
        FieldType element = type instanceof FieldType.Array array ? array.element() : type;
        if (element instanceof FieldType.Struct struct) {
            return struct.name();
        }
        throw new IllegalArgumentException("fields inside " + type);
    }

    private static FieldSpec field(JsonNode node) {
        String name = node.path("name").asText();
        Versions tagged = Versions.parse(text(node, "taggedVersions", "none"));
        // A default of JSON's null, as opposed to the string "null", is no default: Kafka's own generator takes it so.
        boolean nullDefault = text(node, "default", "").equals("null");
        return new FieldSpec(
                Character.toLowerCase(name.charAt(0)) + name.substring(1),
                FieldType.parse(
                        node.path("type").asText(), node.path("zeroCopy").asBoolean(false)),
                node.has("versions") || tagged.isEmpty() ? Versions.parse(text(node, "versions", "")) : tagged,
                Versions.parse(text(node, "nullableVersions", "none")),
                tagged,
                node.has("flexibleVersions") ? Versions.parse(text(node, "flexibleVersions", "")) : null,
                node.path("tag").asInt(-1),
                node.path("ignorable").asBoolean(false),
                nullDefault ? "" : text(node, "default", "").trim(),
                nullDefault,
                text(node, "about", ""));
    }

    private static String text(JsonNode node, String key, String absent) {
        JsonNode value = node.path(key);
        return value.isMissingNode() || value.isNull() ? absent : value.asText();
    }
}
