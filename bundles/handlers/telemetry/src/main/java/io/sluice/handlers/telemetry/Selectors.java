package io.sluice.handlers.telemetry;

import io.sluice.base.Uuid;
import io.sluice.request.api.ClientSoftware;
import io.sluice.request.api.Request;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What subscriptions can choose a client by. It is kept as long as the client comes, so what a client says of itself is kept up to a length only.
 *
 * @param values by the names that the {@code match} of a subscription uses; what a client did not say is not in it
 */
record Selectors(Map<String, String> values) {
    static final int CHARS_MAX = 1_024;

    Selectors {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    static Selectors of(Uuid clientInstanceId, Request request) {
        Map<String, String> values = new TreeMap<>();
        values.put("client_instance_id", clientInstanceId.toString());
        String clientId = request.clientId();
        if (clientId != null) {
            values.put("client_id", cut(clientId));
        }
        ClientSoftware software = request.clientSoftware();
        if (software != null) {
            values.put("client_software_name", cut(software.name()));
            values.put("client_software_version", cut(software.version()));
        }
        InetSocketAddress address = request.peer().address();
        values.put(
                "client_source_address",
                address.isUnresolved()
                        ? address.getHostString()
                        : address.getAddress().getHostAddress());
        values.put("client_source_port", Integer.toString(address.getPort()));
        return new Selectors(values);
    }

    private static String cut(String value) {
        return value.length() <= CHARS_MAX ? value : value.substring(0, CHARS_MAX);
    }

    /** Every pattern must match the whole value. */
    boolean match(Map<String, Pattern> patterns) {
        return patterns.entrySet().stream().allMatch(entry -> {
            String value = values.get(entry.getKey());
            return value != null && entry.getValue().matcher(value).matches();
        });
    }
}
