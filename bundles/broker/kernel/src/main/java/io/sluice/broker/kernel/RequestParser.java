package io.sluice.broker.kernel;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.message.RequestHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of a request. What cannot be a request of an API and version that is advertised closes its connection,
 * as in Kafka; only ApiVersions is answered at any version, so that a newer client learns what there is (KIP-511).
 */
final class RequestParser {
    private static final int SHORTEST = 8;

    private RequestParser() {}

    /** @return null when the connection was closed, with a reason that the log shows */
    static @Nullable KernelRequest parse(
            RequestDispatcher dispatcher, ClientConnection from, ByteBuffer frame, boolean owned) {
        if (frame.remaining() < SHORTEST) {
            from.connection().close("a frame of " + frame.remaining() + " bytes is no request");
            return null;
        }
        int start = frame.position();
        short key = frame.getShort(start);
        short version = frame.getShort(start + 2);
        ApiKey api = ApiKey.of(key);
        if (api == null || !dispatcher.slots().isAdvertised(api)) {
            from.connection().close("unknown API key " + key);
            return null;
        }
        boolean supported = dispatcher.slots().supports(api, version);
        if (!supported && api != ApiKey.API_VERSIONS) {
            from.connection().close("unsupported version " + version + " of " + api.apiName());
            return null;
        }
        MessageReader reader = new MessageReader(frame);
        RequestHeader header = new RequestHeader();
        try {
            header.read(reader, supported ? api.requestHeaderVersion(version) : 1);
        } catch (MalformedMessageException e) {
            from.connection().close("malformed header of " + api.apiName() + ": " + e.getMessage());
            return null;
        }
        frame.position(reader.position());
        return new KernelRequest(
                from,
                dispatcher,
                api,
                version,
                supported,
                header.correlationId(),
                header.clientId(),
                frame,
                frame.limit() - start,
                owned);
    }
}
