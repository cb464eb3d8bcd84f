package io.sluice.broker.api;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Sends requests to this very broker without a socket, on the way that every request takes: for the shell, which thus does
 * exactly what a client does. A service of the kernel's.
 */
@ProviderType
public interface LocalClient {
    /** The answer, or an {@code IOException} where a client would have lost its connection. */
    CompletableFuture<Message> send(ApiKey api, short version, Message request);
}
