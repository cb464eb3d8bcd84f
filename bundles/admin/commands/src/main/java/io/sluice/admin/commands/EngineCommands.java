package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.broker.api.PartRegistries.Part;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.storage.api.EngineCapability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code engine:}. */
final class EngineCommands {
    private final BrokerAccess access;

    EngineCommands(BrokerAccess access) {
        this.access = access;
    }

    List<Command> all() {
        return List.of(new SimpleCommand(
                "engine", "list", "Storage engines that a topic can choose by storage.engine", "[--all]", this::list));
    }

    private int list(Invocation invocation) throws CommandException {
        List<String> usable = access.broker().storageEngines();
        List<PartitionStatus> statuses = access.partitions().statuses();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Part part : access.parts().parts()) {
            long partitions = statuses.stream()
                    .filter(status -> status.engine().equals(part.name()))
                    .count();
            boolean shown = usable.contains(part.name()) || partitions > 0 || invocation.flag("all");
            if (part.kind().equals("engine") && shown) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("name", part.name());
                row.put("state", part.state());
                row.put("bundle", part.bundle());
                row.put("version", part.version());
                row.put("partitions", partitions);
                row.put("openings", part.openings());
                row.put("lacks", lacks(part.name()));
                row.put("reason", part.reason().isEmpty() ? null : part.reason());
                rows.add(row);
            }
        }
        invocation.table(
                List.of("name", "state", "bundle", "version", "partitions", "openings", "lacks", "reason"), rows);
        return 0;
    }

    /** What it cannot do; null when there is nothing that an engine can do and it cannot. */
    private @Nullable String lacks(String engine) throws CommandException {
        Set<EngineCapability> able = access.broker().engineCapabilities(engine);
        String missing = Arrays.stream(EngineCapability.values())
                .filter(capability -> !able.contains(capability))
                .map(EngineCapability::displayName)
                .collect(Collectors.joining(","));
        return missing.isEmpty() ? null : missing;
    }
}
