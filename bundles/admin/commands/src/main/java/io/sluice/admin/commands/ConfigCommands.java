package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.cluster.api.ConfigResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code config:}: Kafka's keys of this broker, and the PIDs of its components. A change is applied, or refused with a reason and the old value kept. */
final class ConfigCommands {
    private final BrokerAccess access;
    private final ResourceConfigs configs;
    private final ComponentConfigs components;

    ConfigCommands(BrokerAccess access, ResourceConfigs configs, ComponentConfigs components) {
        this.access = access;
        this.configs = configs;
        this.components = components;
    }

    List<Command> all() {
        return List.of(
                command("list", "Keys of this broker that are set, and PIDs of components", "[--all]", this::list),
                command("get", "A broker key, or the properties of a PID", "KEY|PID", this::get),
                command(
                        "set",
                        "Sets a broker key, or properties of a PID; applied at once or refused with a reason",
                        "KEY=VALUE|PID [KEY=VALUE]...",
                        this::set),
                command(
                        "delete",
                        "Lets a broker key, a property or a whole PID fall back to its default",
                        "KEY|PID [KEY]...",
                        this::delete));
    }

    private Command command(String verb, String summary, String usage, SimpleCommand.Action action) {
        return new SimpleCommand(
                "config", verb, summary, usage, action, words -> words.isEmpty() ? components.complete() : List.of());
    }

    private ConfigResource broker() throws CommandException {
        return new ConfigResource(
                ConfigResource.Type.BROKER, String.valueOf(access.broker().nodeId()));
    }

    private int list(Invocation invocation) throws CommandException, IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (var entry : configs.describe(broker(), false)) {
            String source = ResourceConfigs.source(entry.configSource());
            if (invocation.flag("all") || !source.equals("default")) {
                rows.add(row(entry.name(), entry.isSensitive() ? "(hidden)" : entry.value(), source));
            }
        }
        for (String pid : components.complete()) {
            components.properties(pid).forEach((key, value) -> rows.add(row(pid + " " + key, value, "component")));
        }
        invocation.table(List.of("key", "value", "source"), rows);
        return 0;
    }

    private static Map<String, Object> row(String key, @org.jspecify.annotations.Nullable Object value, String source) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", key);
        row.put("value", value);
        row.put("source", source);
        return row;
    }

    private int get(Invocation invocation) throws CommandException, IOException {
        String name = invocation.arguments().get(0);
        if (components.isPid(name)) {
            invocation.object(components.properties(name));
            return 0;
        }
        for (var entry : configs.describe(broker(), true)) {
            if (entry.name().equals(name)) {
                Map<String, Object> values = row(
                        name,
                        entry.isSensitive() ? "(hidden)" : entry.value(),
                        ResourceConfigs.source(entry.configSource()));
                values.put("changeable", !entry.readOnly());
                values.put("documentation", entry.documentation());
                invocation.object(values);
                return 0;
            }
        }
        throw new CommandException(1, "there is no key and no PID " + name + "; config:list --all shows them");
    }

    private int set(Invocation invocation) throws CommandException, IOException {
        List<String> words = invocation.arguments();
        if (words.get(0).contains("=")) {
            List<ResourceConfigs.Change> changes = new ArrayList<>();
            for (String word : words) {
                String[] pair = Answers.pair(word, "KEY=VALUE");
                changes.add(new ResourceConfigs.Change(pair[0], pair[1]));
            }
            configs.alter(broker(), changes);
        } else {
            Map<String, String> values = new LinkedHashMap<>();
            for (String word : words.subList(1, words.size())) {
                String[] pair = Answers.pair(word, "KEY=VALUE");
                values.put(pair[0], pair[1]);
            }
            if (values.isEmpty()) {
                throw new CommandException(2, "KEY=VALUE is missing; see --help");
            }
            components.set(words.get(0), values);
        }
        invocation.out().println("applied");
        return 0;
    }

    private int delete(Invocation invocation) throws CommandException, IOException {
        List<String> words = invocation.arguments();
        if (components.isPid(words.get(0))) {
            components.delete(words.get(0), words.subList(1, words.size()));
        } else {
            List<ResourceConfigs.Change> changes = new ArrayList<>();
            words.forEach(key -> changes.add(new ResourceConfigs.Change(key, null)));
            configs.alter(broker(), changes);
        }
        invocation.out().println("applied");
        return 0;
    }
}
