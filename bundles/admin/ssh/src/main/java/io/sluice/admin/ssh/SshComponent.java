package io.sluice.admin.ssh;

import io.sluice.admin.api.CommandLine;
import io.sluice.admin.api.HealthCheck;
import io.sluice.broker.api.Broker;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The shell by ssh in the container: the listener opens on a thread of its own, once the broker is ready, if one is wanted. */
@Component(
        immediate = true,
        service = {})
public final class SshComponent {
    private final AtomicReference<@Nullable CommandLine> commands = new AtomicReference<>();
    private final @Nullable SshFace face;
    private final @Nullable ServiceRegistration<HealthCheck> check;

    @Activate
    public SshComponent(BundleContext context, @Reference Broker broker) {
        SshConfig config = new SshConfig(
                value(broker, "ssh.listener").trim(),
                Path.of(String.valueOf(context.getProperty("sluice.data"))).toAbsolutePath(),
                Integer.parseInt(value(broker, "ssh.sessions.max").trim()),
                Long.parseLong(value(broker, "ssh.idle.timeout.ms").trim()),
                SshConfig.ANY_KEY.equals(context.getProperty("sluice.sabotage")));
        if (config.isWanted()) {
            SshFace made =
                    new SshFace(config, commands::get, broker.scheduler(), () -> Boolean.getBoolean("sluice.ready"));
            face = made;
            check = context.registerService(HealthCheck.class, made, null);
            made.openSoon();
        } else {
            face = null;
            check = null;
        }
    }

    private static String value(Broker broker, String key) {
        return Objects.requireNonNull(broker.config(key), key);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindCommandLine(CommandLine line) {
        commands.set(line);
    }

    void unbindCommandLine(CommandLine line) {
        commands.compareAndSet(line, null);
    }

    /** The listener and the sessions end; running commands are told to stop, and come to their end. */
    @Deactivate
    void close() {
        if (check != null) {
            check.unregister();
        }
        if (face != null) {
            face.close();
        }
    }
}
