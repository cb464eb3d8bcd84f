package io.sluice.protocol.generator;

import java.util.List;

/**
 * One schema file.
 *
 * @param kind the schema's type: request, response, header, data, metadata, coordinator-key, coordinator-value
 * @param apiKey the API key or record type, -1 when there is none
 * @param root the message's own fields; its versions are the valid ones
 * @param structs every nested and common structure, flat, in the order of first sight
 */
record MessageSpec(
        String kind,
        int apiKey,
        boolean latestVersionUnstable,
        List<String> listeners,
        Versions flexibleVersions,
        StructSpec root,
        List<StructSpec> structs) {

    String name() {
        return root.name();
    }

    Versions versions() {
        return root.versions();
    }
}
