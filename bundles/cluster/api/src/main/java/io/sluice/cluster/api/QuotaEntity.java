package io.sluice.cluster.api;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whom a quota is for (KIP-546): users, client ids or both, or addresses.
 *
 * @param names the name by type, in Kafka's words ({@code user}, {@code client-id}, {@code ip}); {@link #DEFAULT} for all of that type
 *     which have no quota of their own. Types that are not in it do not matter.
 */
public record QuotaEntity(SortedMap<String, String> names) {
    public static final String USER = "user";
    public static final String CLIENT_ID = "client-id";
    public static final String IP = "ip";

    /** The default of a type; no entity has the empty name. */
    public static final String DEFAULT = "";

    public QuotaEntity {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    }

    public static QuotaEntity of(Map<String, String> names) {
        return new QuotaEntity(new TreeMap<>(names));
    }

    /** For people: {@code user=alice, client-id=<default>}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        names.forEach((type, name) -> text.append(text.isEmpty() ? "" : ", ")
                .append(type)
                .append('=')
                .append(name.isEmpty() ? "<default>" : name));
        return text.toString();
    }
}
