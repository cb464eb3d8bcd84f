package io.sluice.broker.kernel;

import io.sluice.broker.api.LocalClient;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.message.RequestHeader;
import io.sluice.protocol.message.ResponseHeader;
import io.sluice.storage.api.FileSlice;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.FrameHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Requests from within this process, on the same way as those of a connection: encoded, dispatched, answered, decoded. */
final class KernelLocalClient implements LocalClient {
    static final String LISTENER = "LOCAL";

    private final RequestDispatcher dispatcher;
    private final AtomicLong ids = new AtomicLong(Long.MIN_VALUE);

    KernelLocalClient(RequestDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public CompletableFuture<Message> send(ApiKey api, short version, Message request) {
        MessageWriter writer = new MessageWriter(ByteBuffer.allocate(256));
        new RequestHeader()
                .setRequestApiKey(api.id())
                .setRequestApiVersion(version)
                .setCorrelationId(1)
                .setClientId("sluice-local")
                .write(writer, api.requestHeaderVersion(version));
        request.write(writer, version);
        ByteBuffer frame = join(writer.finish());
        Answer answer = new Answer(ids.getAndIncrement(), api, version);
        FrameHandler handler = dispatcher.connected(answer);
        answer.done.whenComplete((message, error) -> handler.closed("answered"));
        handler.frame(frame);
        return answer.done;
    }

    private static ByteBuffer join(OutboundFrame frame) {
        try {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(frame.sizeInBytes()));
            for (OutboundPart part : frame.parts()) {
                if (part instanceof OutboundPart.Bytes bytes) {
                    all.put(bytes.buffer().duplicate());
                } else if (part instanceof OutboundPart.Payload payload) {
                    all.put(payload.records() instanceof FileSlice slice ? slice.toBuffer() : inMemory(payload));
                }
            }
            return all.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            frame.release();
        }
    }

    private static ByteBuffer inMemory(OutboundPart.Payload payload) {
        return ((io.sluice.protocol.ByteBufferRecords) payload.records())
                .buffer()
                .duplicate();
    }

    private static final class Answer implements Connection {
        final CompletableFuture<Message> done = new CompletableFuture<>();
        private final long id;
        private final ApiKey api;
        private final short version;

        Answer(long id, ApiKey api, short version) {
            this.id = id;
            this.api = api;
            this.version = version;
        }

        @Override
        public long id() {
            return id;
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public String listenerName() {
            return LISTENER;
        }

        @Override
        public void send(OutboundFrame frame) {
            try {
                MessageReader reader = new MessageReader(join(frame));
                reader.readInt32("frame size");
                new ResponseHeader().read(reader, api.responseHeaderVersion(version));
                Message response = api.newResponse();
                response.read(reader, version);
                done.complete(response);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}

        @Override
        public void close(String reason) {
            done.completeExceptionally(new IOException("the request was refused: " + reason));
        }

        @Override
        public boolean isOpen() {
            return !done.isDone();
        }
    }
}
