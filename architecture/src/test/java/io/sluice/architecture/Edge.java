package io.sluice.architecture;

import java.util.Map;

/** The classes that touch the container or the machine, each with the reason why it is that one. */
final class Edge {
    private static final String SHOWS = "its subject are the container's own bundles, components or configurations";

    /** Those that know the container. Whole packages end in a dot. */
    static final Map<String, String> OF_THE_CONTAINER = Map.ofEntries(
            Map.entry("io.sluice.admin.provision.", "it installs, updates and explains bundles"),
            Map.entry("io.sluice.admin.commands.CommandsComponent", "registers the commands"),
            Map.entry("io.sluice.admin.commands.ComponentConfigs", SHOWS),
            Map.entry("io.sluice.admin.commands.ContainerChecks", SHOWS),
            Map.entry("io.sluice.admin.sdk.NewPluginCommand", "reads the framework's properties"),
            Map.entry("io.sluice.admin.shell.ShellComponent", "reads the framework's properties"),
            Map.entry("io.sluice.admin.shell.GogoPublisher", "registers commands as Gogo knows them"),
            Map.entry("io.sluice.broker.kernel.KernelComponent", "starts and stops the kernel with its bundle"),
            Map.entry("io.sluice.broker.kernel.PartTrackers", "follows the services that the registries lend out"),
            Map.entry("io.sluice.broker.kernel.HandlerCensus", "counts the handlers that installed bundles promise"),
            Map.entry(
                    "io.sluice.admin.metrics.MetricsComponent",
                    "reads the framework's properties and registers its command"),
            Map.entry("io.sluice.admin.ssh.SshComponent", "reads the framework's properties"));

    /** Those that start threads, read a clock or ask for chance. */
    static final Map<String, String> OF_THE_MACHINE = Map.of(
            "io.sluice.base.Time", "the seam",
            "io.sluice.base.RandomSource", "the seam",
            "io.sluice.broker.kernel.KernelScheduler", "the Scheduler that the broker runs on",
            "io.sluice.broker.kernel.KernelComponent",
                    "boots and stops off the container's threads, before there is a Scheduler",
            "io.sluice.transport.mina.IoThreads", "the I/O threads are the transport's, and end with it",
            "io.sluice.transport.loopback.LoopbackTransport", "its one thread stands for the I/O thread",
            "io.sluice.admin.provision.Operations",
                    "the one thread that changes bundles, so that no update waits for the kernel",
            "io.sluice.admin.api.ServingThreads",
                    "commands may block as long as they like, who asks may be slow, and nobody may interrupt them");

    private Edge() {}
}
