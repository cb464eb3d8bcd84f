package io.sluice.admin.metrics;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.admin.api.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code metrics:show}: what /metrics says, without HTTP. */
final class MetricsCommand implements Command {
    private final Supplier<String> text;

    MetricsCommand(Supplier<String> text) {
        this.text = text;
    }

    @Override
    public String noun() {
        return "metrics";
    }

    @Override
    public String verb() {
        return "show";
    }

    @Override
    public String summary() {
        return "What the broker has counted, as /metrics says it; WORD picks the lines that contain it";
    }

    @Override
    public String usage() {
        return "[WORD]";
    }

    @Override
    public int run(Invocation invocation) throws CommandException {
        String word =
                invocation.arguments().isEmpty() ? "" : invocation.arguments().get(0);
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : text.get().split("\n")) {
            boolean comment = line.startsWith("#");
            if (!line.contains(word) || (comment && (!word.isEmpty() || invocation.json()))) {
                continue;
            }
            if (!invocation.json()) {
                invocation.out().println(line);
                rows.add(Map.of());
                continue;
            }
            int space = line.lastIndexOf(' ');
            Map<String, String> row = new LinkedHashMap<>();
            row.put("sample", line.substring(0, space));
            row.put("value", line.substring(space + 1));
            rows.add(row);
        }
        if (rows.isEmpty()) {
            throw new CommandException(1, "no metric contains " + word);
        }
        if (invocation.json()) {
            invocation.table(List.of("sample", "value"), rows);
        }
        return 0;
    }
}
