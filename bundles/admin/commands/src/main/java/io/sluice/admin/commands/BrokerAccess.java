package io.sluice.admin.commands;

import io.sluice.admin.api.CommandException;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.EngineMigrations;
import io.sluice.broker.api.LocalClient;
import io.sluice.broker.api.LogCare;
import io.sluice.broker.api.PartRegistries;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The broker's services as commands use them: each is there, or the command ends with one sentence. Requests take the way
 * of those from the network, so that commands do what a client would.
 */
final class BrokerAccess {
    private static final long PATIENCE_SECONDS = 30;

    final ServiceSlot<Broker> broker = new ServiceSlot<>();
    final ServiceSlot<Partitions> partitions = new ServiceSlot<>();
    final ServiceSlot<PartRegistries> parts = new ServiceSlot<>();
    final ServiceSlot<EngineMigrations> migrations = new ServiceSlot<>();
    final ServiceSlot<LocalClient> client = new ServiceSlot<>();
    final ServiceSlot<LogCare> care = new ServiceSlot<>();
    final ServiceSlot<MetadataSource> metadata = new ServiceSlot<>();

    Broker broker() throws CommandException {
        return require(broker);
    }

    Partitions partitions() throws CommandException {
        return require(partitions);
    }

    PartRegistries parts() throws CommandException {
        return require(parts);
    }

    LogCare care() throws CommandException {
        return require(care);
    }

    EngineMigrations migrations() throws CommandException {
        return require(migrations);
    }

    MetadataImage image() throws CommandException {
        return require(metadata).image();
    }

    private static <T> T require(ServiceSlot<T> slot) throws CommandException {
        T service = slot.get();
        if (service == null) {
            throw new CommandException(1, "the broker is not ready; doctor says why");
        }
        return service;
    }

    /** The answer to a request at its highest stable version. */
    <M extends Message> M send(ApiKey api, Message request, Class<M> answer) throws CommandException {
        return send(api, api.highestStableVersion(), request, answer);
    }

    <M extends Message> M send(ApiKey api, short version, Message request, Class<M> answer) throws CommandException {
        try {
            Message message = require(client).send(api, version, request).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return answer.cast(message);
        } catch (ExecutionException e) {
            throw new CommandException(1, api.apiName() + " was not answered: " + reason(e));
        } catch (TimeoutException e) {
            throw new CommandException(
                    1,
                    api.apiName() + " was not answered within " + PATIENCE_SECONDS + " s; doctor says what is absent");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(1, "interrupted");
        }
    }

    private static @Nullable String reason(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
