package io.sluice.admin.shell;

import io.sluice.admin.api.Command;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Publishes each of our commands to Gogo, the noun as its scope. Registered with the command registry until closed. */
final class GogoPublisher implements AutoCloseable {
    private final BundleContext context;
    private final CommandRegistry registry;
    private final CommandRunner runner;
    private final Executor threads;
    private final Map<Command, ServiceRegistration<Function>> published = new IdentityHashMap<>();
    private final Consumer<Command> onAdded = this::publish;
    private final Consumer<Command> onRemoved = this::withdraw;

    GogoPublisher(BundleContext context, CommandRegistry registry, CommandRunner runner, Executor threads) {
        this.context = context;
        this.registry = registry;
        this.runner = runner;
        this.threads = threads;
    }

    void open() {
        registry.listen(onAdded, onRemoved);
    }

    private synchronized void publish(Command command) {
        published.put(command, register(command.noun(), command.verb(), new CommandFunction(command, runner, threads)));
    }

    ServiceRegistration<Function> register(String scope, String name, Function function) {
        return context.registerService(
                Function.class,
                function,
                FrameworkUtil.asDictionary(
                        Map.of(CommandProcessor.COMMAND_SCOPE, scope, CommandProcessor.COMMAND_FUNCTION, name)));
    }

    private synchronized void withdraw(Command command) {
        ServiceRegistration<Function> registration = published.remove(command);
        if (registration != null) {
            registration.unregister();
        }
    }

    @Override
    public void close() {
        registry.ignore(onAdded, onRemoved);
        synchronized (this) {
            published.values().forEach(ServiceRegistration::unregister);
            published.clear();
        }
    }
}
