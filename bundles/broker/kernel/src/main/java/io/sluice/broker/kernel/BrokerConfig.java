package io.sluice.broker.kernel;

import io.sluice.broker.api.Endpoint;
import io.sluice.cluster.api.config.BrokerKeys;
import io.sluice.cluster.api.config.ConfigKey;
import io.sluice.transport.api.ListenerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the broker was told at start, checked. Keys are Kafka's; one that is unknown, or whose value cannot be, is refused by
 * name before anything is opened.
 *
 * @param dataDirectory of this broker; everything that it writes lies there, unless {@code log.dirs} says otherwise
 * @param listeners to bind; a port 0 has been replaced by one that is free
 * @param endpoints what clients are told, in the order of the listeners
 */
record BrokerConfig(
        Path dataDirectory,
        Map<String, String> values,
        int nodeId,
        @Nullable String rack,
        List<Path> logDirectories,
        List<ListenerConfig> listeners,
        List<Endpoint> endpoints) {

    private static final long QUEUED_ANSWER_BYTES_MAX = 8L * 1024 * 1024;

    /** @throws StartupException with one sentence for the user */
    static BrokerConfig parse(Path dataDirectory, Map<String, String> given) throws StartupException {
        Map<String, String> values = Map.copyOf(given);
        String problem = BrokerKeys.CATALOGUE.problem(values);
        if (problem == null) {
            problem = BrokerKeys.conflict(values);
        }
        if (problem != null) {
            throw new StartupException(problem);
        }
        long queuedBytesMax = Long.parseLong(value(values, "queued.max.request.bytes"));
        long frameBytesMax = Long.parseLong(value(values, "socket.request.max.bytes"));
        if (queuedBytesMax > 0 && queuedBytesMax < frameBytesMax) {
            throw new StartupException("queued.max.request.bytes is " + queuedBytesMax
                    + ", but a single request may take " + frameBytesMax
                    + " bytes (socket.request.max.bytes); raise the one or lower the other");
        }
        Map<String, String> protocols = pairs(value(values, "listener.security.protocol.map"));
        List<ListenerConfig> listeners = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        Map<String, Address> advertised = new HashMap<>();
        for (Address address : addresses("advertised.listeners", values.get("advertised.listeners"))) {
            advertised.put(address.listener(), address);
        }
        for (Address address : addresses("listeners", value(values, "listeners"))) {
            int port = address.port() == 0 ? freePort(address) : address.port();
            String protocol = protocols.getOrDefault(address.listener(), address.listener());
            if (!protocol.equals("PLAINTEXT")) {
                throw new StartupException("Listener " + address.listener() + " wants " + protocol
                        + ", which this broker does not speak yet; use PLAINTEXT");
            }
            Address told = advertised.getOrDefault(address.listener(), address);
            String host = told.host().isEmpty() ? "localhost" : told.host();
            listeners.add(listener(values, address, port));
            endpoints.add(new Endpoint(
                    address.listener(), protocol, host, told == address || told.port() == 0 ? port : told.port()));
        }
        if (listeners.isEmpty()) {
            throw new StartupException("listeners names no listener; give one, such as PLAINTEXT://127.0.0.1:9092");
        }
        return new BrokerConfig(
                dataDirectory,
                values,
                Integer.parseInt(value(values, "node.id")),
                values.get("broker.rack"),
                logDirectories(dataDirectory, values),
                List.copyOf(listeners),
                List.copyOf(endpoints));
    }

    private static ListenerConfig listener(Map<String, String> values, Address address, int port) {
        return new ListenerConfig(
                address.listener(),
                address.host(),
                port,
                Integer.parseInt(value(values, "socket.listen.backlog.size")),
                Math.max(
                        1,
                        Math.min(
                                Integer.parseInt(value(values, "num.network.threads")),
                                Runtime.getRuntime().availableProcessors())),
                Integer.parseInt(value(values, "socket.request.max.bytes")),
                Integer.parseInt(value(values, "max.connections")),
                Integer.parseInt(value(values, "max.connections.per.ip")),
                Long.parseLong(value(values, "connections.max.idle.ms")),
                Integer.parseInt(value(values, "socket.send.buffer.bytes")),
                Integer.parseInt(value(values, "socket.receive.buffer.bytes")),
                QUEUED_ANSWER_BYTES_MAX);
    }

    /** The value of a key that has a default. */
    static String value(Map<String, String> values, String key) {
        String given = values.get(key);
        if (given != null) {
            return given.trim();
        }
        ConfigKey known = BrokerKeys.CATALOGUE.key(key);
        String otherwise = known == null ? null : known.defaultValue();
        if (otherwise == null) {
            throw new IllegalStateException("no default for " + key);
        }
        return otherwise;
    }

    private static List<Path> logDirectories(Path data, Map<String, String> values) {
        String given = values.getOrDefault("log.dirs", values.get("log.dir"));
        if (given == null || given.isBlank()) {
            return List.of(data.resolve("logs"));
        }
        List<Path> all = new ArrayList<>();
        for (String one : given.split(",")) {
            if (!one.isBlank()) {
                all.add(Path.of(one.trim()).toAbsolutePath().normalize());
            }
        }
        return List.copyOf(all);
    }

    private record Address(String listener, String host, int port) {}

    private static List<Address> addresses(String key, @Nullable String text) throws StartupException {
        List<Address> all = new ArrayList<>();
        if (text == null) {
            return all;
        }
        for (String one : text.split(",")) {
            String trimmed = one.trim();
            if (trimmed.isEmpty()) {
                continue;
            }
            int scheme = trimmed.indexOf("://");
            int colon = trimmed.lastIndexOf(':');
            if (scheme <= 0 || colon < scheme + 3) {
                throw new StartupException(key + " has " + trimmed + ", which is not of the form NAME://host:port");
            }
            String host = trimmed.substring(scheme + 3, colon);
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            int port;
            try {
                port = Integer.parseInt(trimmed.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new StartupException(key + " has " + trimmed + ", whose port is not a number");
            }
            if (port < 0 || port > 65535) {
                throw new StartupException(key + " has port " + port + ", which is outside 0..65535");
            }
            all.add(new Address(trimmed.substring(0, scheme), host, port));
        }
        return all;
    }

    private static Map<String, String> pairs(String text) throws StartupException {
        Map<String, String> all = new HashMap<>();
        for (String one : text.split(",")) {
            if (one.isBlank()) {
                continue;
            }
            int colon = one.indexOf(':');
            if (colon < 0) {
                throw new StartupException("listener.security.protocol.map has " + one.trim()
                        + ", which is not of the form NAME:PROTOCOL");
            }
            all.put(one.substring(0, colon).trim(), one.substring(colon + 1).trim());
        }
        return all;
    }

    /** A port that nobody listens on: what a listener with port 0 gets, so that the metadata can name it before it is bound. */
    private static int freePort(Address address) throws StartupException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            InetAddress host = address.host().isEmpty() ? null : InetAddress.getByName(address.host());
            probe.bind(new InetSocketAddress(host, 0));
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new StartupException("No free port for listener " + address.listener() + ": " + e.getMessage());
        }
    }
}
