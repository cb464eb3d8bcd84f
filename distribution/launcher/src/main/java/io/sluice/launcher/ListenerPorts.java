package io.sluice.launcher;

import java.io.IOException;
import java.io.Reader;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The addresses that a broker is about to listen on, tried before anything else is started: a port in use is the most frequent
 * reason why a broker cannot start. What cannot be understood here is left to the kernel, which refuses it by name.
 */
final class ListenerPorts {
    private static final String KEY = "listeners";
    private static final String USUAL = "PLAINTEXT://127.0.0.1:9092";

    private ListenerPorts() {}

    /** @param etc the broker keys of {@code etc/} */
    static void requireFree(RunOptions options, Map<String, String> etc) throws RefusedException {
        for (InetSocketAddress address : addresses(listeners(options, etc))) {
            if (address.getPort() != 0) {
                requireFree(address);
            }
        }
    }

    /** What {@code listeners} will be: the last {@code --set} wins over the file, and that over {@code etc/}. */
    static String listeners(RunOptions options, Map<String, String> etc) throws RefusedException {
        String listeners = null;
        for (String setting : options.settings()) {
            int equals = setting.indexOf('=');
            if (setting.substring(0, equals).trim().equals(KEY)) {
                listeners = setting.substring(equals + 1).trim();
            }
        }
        if (listeners == null && !options.config().isEmpty()) {
            Properties file = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(options.config()))) {
                file.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new RefusedException(
                        2, "The configuration file " + options.config() + " cannot be read: " + e.getMessage());
            }
            listeners = file.getProperty(KEY);
        }
        if (listeners == null) {
            listeners = etc.get(KEY);
        }
        return listeners == null || listeners.isBlank() ? USUAL : listeners;
    }

    /** The addresses of {@code NAME://HOST:PORT,...}; an entry without a valid port is left out. */
    static List<InetSocketAddress> addresses(String listeners) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String listener : listeners.split(",")) {
            String address = listener.substring(listener.indexOf("://") < 0 ? 0 : listener.indexOf("://") + 3)
                    .trim();
            int colon = address.lastIndexOf(':');
            if (colon < 0 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
                continue;
            }
            int port = Integer.parseInt(address.substring(colon + 1));
            String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
            if (port <= 65_535) {
                addresses.add(host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
            }
        }
        return addresses;
    }

    private static void requireFree(InetSocketAddress address) throws RefusedException {
        String name = address.getHostString() + ":" + address.getPort();
        if (address.isUnresolved()) {
            throw new RefusedException(1, "The broker cannot listen on " + name + ": that host is not known");
        }
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(address);
        } catch (BindException e) {
            String why = String.valueOf(e.getMessage());
            throw new RefusedException(
                    1,
                    why.contains("in use")
                            ? "The port " + address.getPort() + " on " + address.getHostString()
                                    + " is in use by another program; stop that, or choose another port with --port"
                            : "The broker cannot listen on " + name + ": " + why);
        } catch (IOException e) {
            throw new RefusedException(1, "The broker cannot listen on " + name + ": " + e.getMessage());
        }
    }
}
