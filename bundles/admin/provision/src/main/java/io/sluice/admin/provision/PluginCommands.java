package io.sluice.admin.provision;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.broker.api.PartRegistries.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** {@code plugin:}: installs, replaces and removes parts of the broker, and says why one does not run. */
final class PluginCommands {
    private static final String CHANGE_OPTIONS = "[--cascade] [--dry-run] [--yes]";
    private static final int PARTS_SHOWN = 2;
    private static final List<String> COLUMNS =
            List.of("name", "version", "state", "source", "previous", "parts", "problem");

    private final Operations operations;
    private final FrameworkBundles bundles;
    private final Provisioner provisioner;
    private final JarSource jars;
    private final BundleDiagnosis diagnosis;
    private final DeployFolder deploy;

    PluginCommands(
            Operations operations,
            FrameworkBundles bundles,
            Provisioner provisioner,
            JarSource jars,
            BundleDiagnosis diagnosis,
            DeployFolder deploy) {
        this.operations = operations;
        this.bundles = bundles;
        this.provisioner = provisioner;
        this.jars = jars;
        this.diagnosis = diagnosis;
        this.deploy = deploy;
    }

    List<Command> all() {
        return List.of(
                command(
                        "install",
                        "Installs a bundle that is kept over restarts",
                        "FILE|URL|GAV " + CHANGE_OPTIONS,
                        this::install),
                command(
                        "update",
                        "Replaces a bundle while the broker runs; goes back by itself when it fails",
                        "NAME FILE|URL|GAV " + CHANGE_OPTIONS,
                        this::update),
                command("rollback", "Goes back to the jar before", "NAME " + CHANGE_OPTIONS, this::rollback),
                command(
                        "remove",
                        "Takes a bundle away for good; what no client can do without only with --force",
                        "NAME [--force] " + CHANGE_OPTIONS,
                        this::remove),
                command(
                        "list",
                        "Replaceable parts and what was installed, replaced, removed or refused",
                        "[--all]",
                        this::list),
                command("why", "Says in one sentence why a plugin does not run", "NAME", this::why));
    }

    private Command command(String verb, String summary, String usage, Guard.Action action) {
        return new SimpleCommand("plugin", verb, summary, usage, Guard.of(action), words -> completion(verb, words));
    }

    private List<String> completion(String verb, List<String> words) {
        boolean name = words.isEmpty() && !verb.equals("install") && !verb.equals("list");
        return name ? FrameworkBundles.names(bundles.all()) : List.of();
    }

    private int install(Invocation invocation) throws Exception {
        PluginJar jar = jars.find(invocation.arguments().get(0), invocation.workingDirectory());
        Preview preview = provisioner.previewOf(jar);
        if (preview.from() != null) {
            throw new ProvisionException(jar.name() + " " + preview.from() + " is installed; plugin:update "
                    + jar.name() + " FILE replaces it");
        }
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        String amiss = operations.call(() -> provisioner.install(jar, null));
        Agreement.done(
                invocation,
                preview,
                "installed " + jar.name() + " " + jar.version() + (amiss == null ? "" : "; but " + amiss));
        return 0;
    }

    private int update(Invocation invocation) throws Exception {
        PluginJar jar = jars.find(invocation.arguments().get(1), invocation.workingDirectory());
        String name = bundles.named(invocation.arguments().get(0)).getSymbolicName();
        if (!jar.name().equals(name)) {
            throw new ProvisionException("the jar is " + jar.name() + ", not " + name);
        }
        Preview preview = provisioner.previewOf(jar);
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> {
            provisioner.update(jar, null, invocation.flag("cascade"));
            return null;
        });
        Agreement.done(invocation, preview, "updated " + name + " from " + preview.from() + " to " + jar.version());
        return 0;
    }

    private int rollback(Invocation invocation) throws Exception {
        String name = nameOf(invocation.arguments().get(0));
        Preview preview = operations.call(() -> provisioner.rollback(name, true, true));
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> provisioner.rollback(name, invocation.flag("cascade"), false));
        Agreement.done(invocation, preview, name + " is at " + preview.to() + " again");
        return 0;
    }

    /** Also names of bundles that were removed. */
    private String nameOf(String given) throws ProvisionException {
        return provisioner.state().record(given) != null
                ? given
                : bundles.named(given).getSymbolicName();
    }

    private int remove(Invocation invocation) throws Exception {
        Bundle bundle = bundles.named(invocation.arguments().get(0));
        String reason = diagnosis.onlyTransport(bundle);
        if (reason != null && !invocation.flag("force")) {
            throw new ProvisionException(reason + "; plugin:update replaces it, --force removes it all the same");
        }
        Preview preview = provisioner.previewRemoval(bundle);
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> {
            provisioner.remove(bundle, invocation.flag("cascade"));
            return null;
        });
        Agreement.done(invocation, preview, "removed " + preview.name() + " " + preview.from());
        return 0;
    }

    private int list(Invocation invocation) {
        Map<String, Map<String, Object>> rows = new TreeMap<>();
        PluginState state = provisioner.state();
        for (Bundle bundle : bundles.all()) {
            String name = bundle.getSymbolicName();
            PluginRecord record = state.record(name);
            List<Part> parts = diagnosis.parts(name);
            boolean shown = record != null || state.stopped().contains(name) || !parts.isEmpty();
            if (shown || invocation.flag("all")) {
                rows.put(name, row(bundle, record, parts));
            }
        }
        for (PluginRecord record : state.records().values()) {
            if (!rows.containsKey(record.name())) {
                rows.put(record.name(), absentRow(record));
            }
        }
        deploy.refusals().forEach((file, reason) -> rows.put("deploy/" + file, refusedRow(file, reason)));
        provisioner.problems().forEach((name, problem) -> {
            Map<String, Object> row = rows.get(name);
            if (row != null) {
                row.put("problem", problem);
            }
        });
        if (!invocation.json()) {
            rows.values().forEach(PluginCommands::shorten);
        }
        invocation.table(COLUMNS, List.copyOf(rows.values()));
        return 0;
    }

    private Map<String, Object> row(Bundle bundle, @Nullable PluginRecord record, List<Part> parts) {
        Map<String, Object> row = row(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                FrameworkBundles.state(bundle),
                source(record));
        row.put("previous", record == null ? null : previous(record));
        row.put("parts", parts.stream().map(PluginCommands::partText).toList());

        row.put("problem", FrameworkBundles.isRunning(bundle) ? diagnosis.problem(bundle) : null);
        return row;
    }

    /** A bundle may answer dozens of APIs: a table has room for some. */
    private static void shorten(Map<String, Object> row) {
        List<?> parts = (List<?>) row.getOrDefault("parts", List.of());
        if (parts.size() > PARTS_SHOWN) {
            String shown =
                    parts.stream().limit(PARTS_SHOWN).map(String::valueOf).collect(Collectors.joining(","));
            row.put("parts", shown + ",+" + (parts.size() - PARTS_SHOWN));
        }
    }

    private static String partText(Part part) {
        return part.kind() + " " + part.name() + (part.state().equals("Open") ? "" : " (" + part.state() + ")");
    }

    private static String source(@Nullable PluginRecord record) {
        if (record == null) {
            return "distribution";
        }
        return record.drop() == null ? "installed" : "deploy/" + record.drop();
    }

    private static String previous(PluginRecord record) {
        return record.previousJar() == null ? "distribution" : record.previousJar();
    }

    private static Map<String, Object> absentRow(PluginRecord record) {
        return row(record.name(), record.version(), record.isRemoved() ? "Removed" : "Absent", source(record));
    }

    private static Map<String, Object> refusedRow(String file, String reason) {
        Map<String, Object> row = row("deploy/" + file, "", "Refused", "deploy/" + file);
        row.put("problem", reason);
        return row;
    }

    private static Map<String, Object> row(String name, String version, String state, String source) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("version", version);
        row.put("state", state);
        row.put("source", source);
        row.put("previous", null);
        row.put("parts", new ArrayList<>());
        row.put("problem", null);
        return row;
    }

    private int why(Invocation invocation) throws ProvisionException, IOException {
        String given = invocation.arguments().get(0);
        String sentence = why(given);
        if (invocation.json()) {
            invocation.object(Map.of("name", given, "why", sentence));
        } else {
            invocation.out().println(sentence);
        }
        return 0;
    }

    private String why(String given) throws ProvisionException {
        String refused = deploy.refusals().get(given.replaceFirst("^deploy/", ""));
        if (refused != null) {
            return given + " was refused: " + refused;
        }
        PluginRecord record = provisioner.state().record(given);
        if (record != null && bundles.find(given) == null) {
            String problem = provisioner.problems().get(given);
            return problem != null
                    ? problem
                    : given + " was removed by plugin:remove; plugin:rollback " + given + " brings it back";
        }
        Bundle bundle = bundles.named(given);
        String problem = diagnosis.problem(bundle);
        if (problem != null) {
            return problem;
        }
        String roles = diagnosis.parts(bundle.getSymbolicName()).stream()
                .map(part -> part.kind() + " " + part.name())
                .collect(Collectors.joining(", "));
        return bundle.getSymbolicName() + " " + bundle.getVersion() + " runs"
                + (roles.isEmpty() ? "" : " and holds " + roles);
    }
}
