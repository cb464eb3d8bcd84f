package io.sluice.admin.provision;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/** {@code bundle:}: the framework's bundles as OSGi users know them. What is installed by these is not kept beyond the framework's cache. */
final class BundleCommands {
    private static final String NOT_KEPT = " (not kept when the cache is rebuilt; plugin: commands are)";

    private final Operations operations;
    private final FrameworkBundles bundles;
    private final Provisioner provisioner;
    private final StopPolicy stops;
    private final JarSource jars;
    private final BundleDiagnosis diagnosis;

    BundleCommands(
            Operations operations,
            FrameworkBundles bundles,
            Provisioner provisioner,
            JarSource jars,
            BundleDiagnosis diagnosis) {
        this.operations = operations;
        this.bundles = bundles;
        this.provisioner = provisioner;
        this.stops = new StopPolicy(diagnosis);
        this.jars = jars;
        this.diagnosis = diagnosis;
    }

    List<Command> all() {
        return List.of(
                command("list", "Bundles with state, version and start level", "[--all]", this::list),
                command("start", "Starts bundles", "BUNDLE...", this::start),
                command(
                        "stop",
                        "Stops bundles until they are started again; with --transient, until the broker is",
                        "BUNDLE... [--transient]",
                        this::stop),
                command(
                        "update",
                        "Replaces a bundle's jar" + NOT_KEPT,
                        "BUNDLE FILE|URL|GAV [--cascade] [--dry-run] [--yes]",
                        this::update),
                command("install", "Installs a bundle" + NOT_KEPT, "FILE|URL|GAV [--start]", this::install),
                command(
                        "uninstall",
                        "Uninstalls a bundle" + NOT_KEPT,
                        "BUNDLE [--cascade] [--dry-run] [--yes]",
                        this::uninstall),
                command(
                        "refresh",
                        "Wires a bundle and what hangs on it anew",
                        "BUNDLE [--cascade] [--dry-run] [--yes]",
                        this::refresh),
                command("diag", "What bundles lack", "[BUNDLE]...", this::diag),
                command("headers", "A bundle's manifest", "BUNDLE", this::headers));
    }

    private Command command(String verb, String summary, String usage, Guard.Action action) {
        return new SimpleCommand("bundle", verb, summary, usage, Guard.of(action), words -> completion(usage, words));
    }

    private List<String> completion(String usage, List<String> words) {
        boolean wanted = usage.contains("BUNDLE") && (words.isEmpty() || usage.contains("..."));
        return wanted ? FrameworkBundles.names(bundles.all()) : List.of();
    }

    private int list(Invocation invocation) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Bundle bundle : bundles.all()) {
            String name = bundle.getSymbolicName();
            if (invocation.flag("all") || name.startsWith("io.sluice.") || !FrameworkBundles.isRunning(bundle)) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("id", bundle.getBundleId());
                row.put("state", FrameworkBundles.isFragment(bundle) ? "Fragment" : FrameworkBundles.state(bundle));
                row.put("level", bundle.adapt(BundleStartLevel.class).getStartLevel());
                row.put("version", bundle.getVersion().toString());
                row.put("name", name);
                rows.add(row);
            }
        }
        invocation.table(List.of("id", "state", "level", "version", "name"), rows);
        return 0;
    }

    private List<Bundle> named(Invocation invocation) throws ProvisionException {
        List<Bundle> named = new ArrayList<>();
        for (String name : invocation.arguments()) {
            named.add(bundles.named(name));
        }
        return named;
    }

    private int start(Invocation invocation) throws Exception {
        for (Bundle bundle : named(invocation)) {
            operations.call(() -> {
                provisioner.start(bundle);
                return null;
            });
            invocation.out().println("started " + bundle.getSymbolicName());
        }
        return 0;
    }

    private int stop(Invocation invocation) throws Exception {
        boolean forNow = invocation.flag("transient");
        for (Bundle bundle : named(invocation)) {
            boolean kept = !forNow && stops.isKept(bundle);
            operations.call(() -> {
                provisioner.stop(bundle, kept);
                return null;
            });
            invocation
                    .out()
                    .println("stopped " + bundle.getSymbolicName()
                            + (kept || forNow ? "" : "; it starts again with the broker, which needs it"));
        }
        return 0;
    }

    private int update(Invocation invocation) throws Exception {
        Bundle bundle = bundles.named(invocation.arguments().get(0));
        PluginJar jar = jars.find(invocation.arguments().get(1), invocation.workingDirectory());
        Preview preview = new Preview(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                jar.version().toString(),
                FrameworkBundles.names(bundles.closureBeyond(bundle)));
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> {
            bundles.replace(bundle, jar.path(), FrameworkBundles.isRunning(bundle));
            return null;
        });
        invocation.out().println("updated " + bundle.getSymbolicName() + " to " + bundle.getVersion());
        return 0;
    }

    private int install(Invocation invocation) throws Exception {
        PluginJar jar = jars.find(invocation.arguments().get(0), invocation.workingDirectory());
        Bundle present = bundles.find(jar.name());
        if (present != null) {
            throw new ProvisionException(
                    jar.name() + " " + present.getVersion() + " is installed; bundle:update replaces it");
        }
        Bundle bundle = operations.call(() -> {
            Bundle installed = bundles.install(jar.path().toUri().toString(), jar.path());
            if (invocation.flag("start")) {
                bundles.start(installed);
            }
            return installed;
        });
        invocation.out().println("installed " + jar.name() + " " + jar.version() + " as " + bundle.getBundleId());
        return 0;
    }

    private int uninstall(Invocation invocation) throws Exception {
        Bundle bundle = bundles.named(invocation.arguments().get(0));
        Preview preview = new Preview(
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                null,
                FrameworkBundles.names(bundles.closureBeyond(bundle)));
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> {
            bundles.uninstall(bundle);
            return null;
        });
        invocation.out().println("uninstalled " + bundle.getSymbolicName());
        return 0;
    }

    private int refresh(Invocation invocation) throws Exception {
        Bundle bundle = bundles.named(invocation.arguments().get(0));
        String version = bundle.getVersion().toString();
        Preview preview = new Preview(
                bundle.getSymbolicName(), version, version, FrameworkBundles.names(bundles.closureBeyond(bundle)));
        if (!Agreement.obtained(invocation, preview)) {
            return 0;
        }
        operations.call(() -> {
            bundles.refresh(List.of(bundle));
            return null;
        });
        invocation.out().println("refreshed " + bundle.getSymbolicName());
        return 0;
    }

    private int diag(Invocation invocation) throws ProvisionException {
        List<Bundle> asked = invocation.arguments().isEmpty() ? bundles.all() : named(invocation);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Bundle bundle : asked) {
            for (String line : diagnosis.unmet(bundle)) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("name", bundle.getSymbolicName());
                row.put("problem", line);
                rows.add(row);
            }
        }
        if (rows.isEmpty() && !invocation.json()) {
            invocation.out().println("nothing is missing");
        } else {
            invocation.table(List.of("name", "problem"), rows);
        }
        return 0;
    }

    private int headers(Invocation invocation) throws ProvisionException {
        Bundle bundle = bundles.named(invocation.arguments().get(0));
        var headers = bundle.getHeaders();
        Map<String, String> sorted = new TreeMap<>();
        for (String key : Collections.list(headers.keys())) {
            sorted.put(key, headers.get(key));
        }
        invocation.object(sorted);
        return 0;
    }
}
