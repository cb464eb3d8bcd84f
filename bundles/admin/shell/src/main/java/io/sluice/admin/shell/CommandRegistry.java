package io.sluice.admin.shell;

import io.sluice.admin.api.Command;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commands that are there now, by name. An immutable snapshot is replaced whole; any thread. */
final class CommandRegistry {
    private volatile SortedMap<String, Command> commands = Collections.emptySortedMap();
    private final List<Consumer<Command>> added = new ArrayList<>();
    private final List<Consumer<Command>> removed = new ArrayList<>();

    /** Tells of commands that come, those that are there at once, and of those that go. */
    synchronized void listen(Consumer<Command> onAdded, Consumer<Command> onRemoved) {
        added.add(onAdded);
        removed.add(onRemoved);
        commands.values().forEach(onAdded);
    }

    synchronized void ignore(Consumer<Command> onAdded, Consumer<Command> onRemoved) {
        added.remove(onAdded);
        removed.remove(onRemoved);
    }

    /** A later command takes the name over. */
    synchronized void add(Command command) {
        TreeMap<String, Command> next = new TreeMap<>(commands);
        Command previous = next.put(name(command), command);
        commands = Collections.unmodifiableSortedMap(next);
        if (previous != null) {
            removed.forEach(listener -> listener.accept(previous));
        }
        added.forEach(listener -> listener.accept(command));
    }

    /** Nothing happens when another one has taken the name over: with dynamic services the new one comes before the old one goes. */
    synchronized void remove(Command command) {
        TreeMap<String, Command> next = new TreeMap<>(commands);
        if (next.remove(name(command), command)) {
            commands = Collections.unmodifiableSortedMap(next);
            removed.forEach(listener -> listener.accept(command));
        }
    }

    /** By {@code noun:verb}, or by the noun alone when it has a {@code check} (so {@code doctor}). */
    @Nullable
    Command find(String name) {
        Command exact = commands.get(name);
        return exact != null ? exact : commands.get(name + ":check");
    }

    Collection<Command> all() {
        return commands.values();
    }

    Collection<String> names() {
        return commands.keySet();
    }

    List<Command> ofNoun(String noun) {
        return commands.values().stream()
                .filter(command -> command.noun().equals(noun))
                .toList();
    }

    static String name(Command command) {
        return command.noun() + ":" + command.verb();
    }
}
