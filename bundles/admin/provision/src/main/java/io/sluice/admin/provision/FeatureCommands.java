package io.sluice.admin.provision;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.Bundle;

/** {@code feature:}: named sets of bundles. */
final class FeatureCommands {
    private final Operations operations;
    private final FrameworkBundles bundles;
    private final Features features;

    FeatureCommands(Operations operations, FrameworkBundles bundles, Features features) {
        this.operations = operations;
        this.bundles = bundles;
        this.features = features;
    }

    List<Command> all() {
        return List.of(
                command("list", "Features and whether all their bundles are there", "", this::list),
                command("info", "The bundles and configurations of a feature", "NAME", this::info),
                command(
                        "install",
                        "Installs what a feature lacks",
                        "NAME|FILE [--dry-run] [--yes] [--cascade]",
                        this::install),
                command(
                        "uninstall",
                        "Takes away what only this feature has",
                        "NAME [--cascade] [--dry-run] [--yes]",
                        this::uninstall));
    }

    private Command command(String verb, String summary, String usage, Guard.Action action) {
        return new SimpleCommand(
                "feature",
                verb,
                summary,
                usage,
                Guard.of(action),
                words -> words.isEmpty() && !verb.equals("list") ? names() : List.of());
    }

    private List<String> names() {
        try {
            return List.copyOf(features.known().keySet());
        } catch (IOException | ProvisionException e) {
            return List.of(); // completion offers nothing; feature:list tells why
        }
    }

    private int list(Invocation invocation) throws IOException, ProvisionException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (FeatureFile feature : features.known().values()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", feature.name());
            row.put("version", feature.version());
            row.put("installed", features.isInstalled(feature));
            row.put("bundles", feature.bundles().size());
            row.put("description", feature.description());
            rows.add(row);
        }
        invocation.table(List.of("name", "version", "installed", "bundles", "description"), rows);
        return 0;
    }

    private int info(Invocation invocation) throws IOException, ProvisionException {
        FeatureFile feature = features.find(invocation.arguments().get(0));
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("id", feature.id());
        values.put("description", feature.description());
        values.put("installed", features.isInstalled(feature));
        if (invocation.json()) {
            values.put("bundles", feature.bundles());
            values.put("configurations", feature.configurations());
            invocation.object(values);
        } else {
            invocation.object(values);
            feature.bundles().forEach(bundle -> invocation.out().println("  " + bundle));
            feature.configurations().keySet().forEach(pid -> invocation.out().println("  configuration " + pid));
        }
        return 0;
    }

    private int install(Invocation invocation) throws Exception {
        String given = invocation.arguments().get(0);
        Path file = invocation.workingDirectory().resolve(given);
        boolean fromFile = given.endsWith(".json") && Files.isRegularFile(file);
        FeatureFile feature = fromFile ? FeatureFile.read(file) : features.find(given);
        List<String> missing =
                features.missing(feature).stream().map(PluginJar::name).toList();
        if (!invocation.json()) {
            invocation
                    .out()
                    .println(
                            missing.isEmpty()
                                    ? feature.name() + " lacks nothing"
                                    : "installs " + String.join(", ", missing) + "; no other bundle restarts");
        }
        if (invocation.flag("dry-run")) {
            return 0;
        }
        operations.call(() -> features.install(fromFile ? features.keep(file) : feature, null));
        invocation.out().println("installed the feature " + feature.name());
        return 0;
    }

    private int uninstall(Invocation invocation) throws Exception {
        FeatureFile feature = features.find(invocation.arguments().get(0));
        List<Bundle> leaving = features.leaving(feature);
        Set<Bundle> going = new HashSet<>(leaving);
        Set<String> restarts = new TreeSet<>();
        for (Bundle bundle : leaving) {
            bundles.closureBeyond(bundle).stream()
                    .filter(other -> !going.contains(other))
                    .forEach(other -> restarts.add(other.getSymbolicName()));
        }
        invocation.out().println("removes " + String.join(", ", FrameworkBundles.names(leaving)));
        Preview preview = new Preview("the feature " + feature.name(), feature.version(), null, List.copyOf(restarts));
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> {
            features.uninstall(feature, leaving);
            return null;
        });
        invocation.out().println("uninstalled the feature " + feature.name());
        return 0;
    }
}
