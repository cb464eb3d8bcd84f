package io.sluice.protocol.generator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Emits the table of live APIs. */
final class ApiKeyEmitter {
    private final Map<Integer, MessageSpec> requests = new TreeMap<>();
    private final Map<Integer, MessageSpec> responses = new TreeMap<>();

    void add(MessageSpec message) {
        if (message.kind().equals("request")) {
            requests.put(message.apiKey(), message);
        } else if (message.kind().equals("response")) {
            responses.put(message.apiKey(), message);
        }
    }

    String emit(String template) {
        if (!requests.keySet().equals(responses.keySet())) {
            throw new IllegalArgumentException("requests " + requests.keySet() + ", responses " + responses.keySet());
        }
        return template.replace(
                        "/*CONSTANTS*/",
                        requests.values().stream().map(this::constant).collect(Collectors.joining(",\n    ")))
                .replace("/*REQUESTS*/", factories(requests.values()))
                .replace("/*RESPONSES*/", factories(List.copyOf(responses.values())));
    }

    private String constant(MessageSpec request) {
        MessageSpec response = Objects.requireNonNull(responses.get(request.apiKey()));
        Versions valid = request.versions();
        if (!response.versions().equals(valid)) {
            throw new IllegalArgumentException(request.name() + " and its response differ in versions");
        }
        int stable = request.latestVersionUnstable() ? valid.highest() - 1 : valid.highest();
        return String.format(
                "%s(%d, \"%s\", %d, %d, %d, %d, %d, Set.of(%s))",
                constantName(request),
                request.apiKey(),
                apiName(request),
                valid.lowest(),
                stable,
                valid.highest(),
                firstFlexible(request),
                firstFlexible(response),
                request.listeners().stream()
                        .sorted()
                        .map(l -> "Listener." + l.toUpperCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")));
    }

    private static int firstFlexible(MessageSpec message) {
        return message.flexibleVersions().isEmpty()
                ? Short.MAX_VALUE
                : message.flexibleVersions().lowest();
    }

    private static String factories(Iterable<MessageSpec> messages) {
        StringBuilder text = new StringBuilder();
        for (MessageSpec message : messages) {
            text.append(String.format(
                    "            case %s -> new io.sluice.protocol.message.%s();%n",
                    constantName(message), message.name()));
        }
        return text.toString().stripTrailing();
    }

    private static String apiName(MessageSpec message) {
        return message.name().replaceAll("(Request|Response)$", "");
    }

    private static String constantName(MessageSpec message) {
        return apiName(message).replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }
}
