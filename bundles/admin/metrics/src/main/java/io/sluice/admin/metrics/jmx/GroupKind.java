package io.sluice.admin.metrics.jmx;

/**
 * What a group is and how it stands.
 *
 * @param type {@code Classic}, {@code Consumer}, {@code Share} or {@code Streams}
 * @param state as ListGroups names it
 */
public record GroupKind(String type, String state) {}
