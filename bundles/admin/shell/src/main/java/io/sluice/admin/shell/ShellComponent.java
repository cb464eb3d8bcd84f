package io.sluice.admin.shell;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.ServingThreads;
import java.io.IOException;
import java.util.List;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The shell in the container: collects commands, serves the socket, and tells Gogo of our commands. */
@Component(
        immediate = true,
        service = {})
public final class ShellComponent {
    private static final int COMMANDS_MAX = 64;

    private final CommandRegistry registry = new CommandRegistry();
    private final ServingThreads threads = new ServingThreads("sluice-command", COMMANDS_MAX);
    private final GogoGateway gogo = new GogoGateway();
    private final InteractiveShell shell;
    private final GogoPublisher publisher;
    private final List<ServiceRegistration<Function>> helpers;
    private final CommandSocket socket;
    private final ServiceRegistration<CommandLine> commandLine;

    @Activate
    public ShellComponent(BundleContext context) throws IOException {
        CommandRunner runner = new CommandRunner(registry, gogo);
        this.shell = new InteractiveShell(gogo, context::getProperty);
        this.publisher = new GogoPublisher(context, registry, runner, threads);
        publisher.open();
        ShellCompletion completion = new ShellCompletion(
                registry, RunDirectory.of(context::getProperty).resolve("shell-history"));
        this.helpers = List.of(
                publisher.register(ShellCompletion.SCOPE, "exit", (session, arguments) -> {
                    InteractiveShell.end(session);
                    return null;
                }),
                publisher.register(ShellCompletion.SCOPE, "prepare", (session, arguments) -> {
                    completion.prepare(session);
                    return null;
                }),
                publisher.register(
                        ShellCompletion.SCOPE, "complete", (session, arguments) -> completion.complete(session)));
        this.socket = CommandSocket.open(
                RunDirectory.socket(context::getProperty),
                threads,
                channel -> new CommandConnection(channel, runner, shell, threads));
        this.commandLine = context.registerService(CommandLine.class, new ShellCommandLine(runner, shell), null);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCommand(Command command) {
        registry.add(command);
    }

    void unbindCommand(Command command) {
        registry.remove(command);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindProcessor(CommandProcessor processor) {
        gogo.bind(processor);
    }

    void unbindProcessor(@Nullable CommandProcessor processor) {
        gogo.unbind(processor);
    }

    /** Running commands go on to their end, with their connection; interactive sessions end. */
    @Deactivate
    void close() throws IOException {
        commandLine.unregister();
        socket.close();
        shell.close();
        helpers.forEach(ServiceRegistration::unregister);
        publisher.close();
        threads.close();
    }
}
