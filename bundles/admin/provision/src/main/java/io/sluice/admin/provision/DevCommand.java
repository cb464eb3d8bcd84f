package io.sluice.admin.provision;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.Invocation;
import io.sluice.admin.api.SimpleCommand;
import io.sluice.base.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code plugin:dev}: keeps what a project builds running, until the user stops it; {@code --once} does it for what is built now. */
final class DevCommand {
    private static final long PAUSE_MS = 200;
    private static final long ONCE_MS = 5_000;
    private static final int FAILED = 1;

    private final Operations operations;
    private final FrameworkBundles bundles;
    private final Provisioner provisioner;
    private final Time time;

    DevCommand(Operations operations, FrameworkBundles bundles, Provisioner provisioner, Time time) {
        this.operations = operations;
        this.bundles = bundles;
        this.provisioner = provisioner;
        this.time = time;
    }

    Command command() {
        return new SimpleCommand(
                "plugin",
                "dev",
                "Installs what a project builds, and again after every build, until Ctrl-C",
                "[DIR] [--once] [--cascade]",
                Guard.of(this::run));
    }

    private int run(Invocation invocation) throws Exception {
        Path project = invocation
                .workingDirectory()
                .resolve(
                        invocation.arguments().isEmpty()
                                ? ""
                                : invocation.arguments().get(0))
                .normalize();
        if (!Files.isDirectory(project)) {
            throw new ProvisionException("there is no folder " + project);
        }
        DevFolder folder = new DevFolder(operations, bundles, provisioner, project, invocation.flag("cascade"));
        return invocation.flag("once") ? once(invocation, folder, project) : follow(invocation, folder, project);
    }

    private int follow(Invocation invocation, DevFolder folder, Path project) throws Exception {
        if (!invocation.json()) {
            say(
                    invocation,
                    "looks at " + project.resolve("target")
                            + " for what is built; Ctrl-C ends it, and what runs stays");
        }
        while (!invocation.interrupted()) {
            DevFolder.Outcome outcome = folder.look();
            if (outcome != null) {
                report(invocation, outcome);
            }
            pause();
        }
        return 0;
    }

    private int once(Invocation invocation, DevFolder folder, Path project) throws Exception {
        long end = time.milliseconds() + ONCE_MS;
        DevFolder.@Nullable Outcome outcome = folder.look();
        while (outcome == null && time.milliseconds() < end && !invocation.interrupted()) {
            pause();
            outcome = folder.look();
        }
        if (outcome == null) {
            throw new ProvisionException(
                    "there is no jar in " + project.resolve("target") + "; mvn -o verify makes one");
        }
        report(invocation, outcome);
        return outcome.done() ? 0 : FAILED;
    }

    private static void report(Invocation invocation, DevFolder.Outcome outcome) {
        if (invocation.json()) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("done", outcome.done());
            values.put("what", outcome.sentence());
            invocation.object(values);
            invocation.out().flush();
        } else {
            say(invocation, outcome.sentence());
        }
    }

    private static void say(Invocation invocation, String sentence) {
        invocation.out().println(sentence);
        invocation.out().flush();
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
