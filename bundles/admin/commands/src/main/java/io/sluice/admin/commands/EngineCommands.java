package io.sluice.admin.commands;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.broker.api.PartRegistries.Part;
import io.sluice.broker.api.PartitionStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
                row.put("reason", part.reason().isEmpty() ? null : part.reason());
                rows.add(row);
            }
        }
        invocation.table(List.of("name", "state", "bundle", "version", "partitions", "openings", "reason"), rows);
        return 0;
    }
}
