package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.cluster.api.config.BrokerKeys;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees files in {@code etc/} of the data directory that somebody edits while the broker runs. A component's change is applied,
 * or refused with the old values holding; of a change to the broker's keys the log says that it counts from the next start, or
 * why it would be refused then. One thread at a time.
 */
final class EtcWatch {
    /** The file with Kafka's broker keys. */
    static final String BROKER = "io.sluice.broker";

    private static final Logger LOG = LoggerFactory.getLogger(EtcWatch.class);
    private static final String SUFFIX = ".cfg";

    private final Path defaults;
    private final Path own;
    private final Applier applier;
    private @Nullable Map<String, Map<String, String>> seen;

    /** Gives a component its values, or says why it keeps those it has. */
    @FunctionalInterface
    interface Applier {
        /** @param values all that its files say; empty when they are gone */
        void apply(String pid, Map<String, String> values) throws CommandException, IOException;
    }

    EtcWatch(Path defaults, Path own, Applier applier) {
        this.defaults = defaults;
        this.own = own;
        this.applier = applier;
        this.seen = read();
    }

    /** Looks once, and acts on what is different. */
    synchronized void look() {
        Map<String, Map<String, String>> now = read();
        Map<String, Map<String, String>> last = seen == null ? Map.of() : seen;
        Set<String> pids = new TreeSet<>(now.keySet());
        pids.addAll(last.keySet());
        for (String pid : pids) {
            Map<String, String> before = last.getOrDefault(pid, Map.of());
            Map<String, String> after = now.getOrDefault(pid, Map.of());
            if (!before.equals(after)) {
                changed(pid, before, after);
            }
        }
        seen = now;
    }

    private void changed(String pid, Map<String, String> before, Map<String, String> after) {
        if (pid.equals(BROKER)) {
            String problem = BrokerKeys.CATALOGUE.problem(after);
            if (problem != null) {
                LOG.warn("etc/{}.cfg is refused, and would be at the next start: {}", pid, problem);
            } else {
                LOG.warn(
                        "etc/{}.cfg: {} counts from the next start; config:set changes keys that can be changed now",
                        pid,
                        String.join(", ", different(before, after)));
            }
            return;
        }
        try {
            applier.apply(pid, after);
            LOG.info("etc/{}.cfg is applied", pid);
        } catch (CommandException | IOException e) {
            LOG.warn("etc/{}.cfg is refused: {}", pid, e.getMessage());
        }
    }

    private static Set<String> different(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(after.keySet());
        keys.removeIf(key -> after.containsKey(key) && after.get(key).equals(before.get(key)));
        return keys;
    }

    private Map<String, Map<String, String>> read() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        Set<String> unreadable = new HashSet<>();
        for (Path folder : List.of(defaults, own)) {
            for (Path file : files(folder)) {
                String name = file.getFileName().toString();
                String pid = name.substring(0, name.length() - SUFFIX.length());
                Properties properties = new Properties();
                try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                    properties.load(reader);
                    Map<String, String> values = all.computeIfAbsent(pid, key -> new HashMap<>());
                    properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
                } catch (IOException | IllegalArgumentException e) {
                    unreadable.add(pid);
                    LOG.warn("{} cannot be read, and changes nothing: {}", file, e.getMessage());
                }
            }
        }
        Map<String, Map<String, String>> last = seen;
        unreadable.forEach(pid -> {
            Map<String, String> before = last == null ? null : last.get(pid);
            if (before == null) {
                all.remove(pid);
            } else {
                all.put(pid, before);
            }
        });
        return all;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> child.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {}", folder, e.getMessage());
            return List.of();
        }
    }
}
