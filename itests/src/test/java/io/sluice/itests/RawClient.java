package io.sluice.itests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** One connection and any request of Kafka's in any version, one after the other, without what a client library makes of them. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;

    private final Socket socket;
    private final DataInputStream in;
    private int correlationId;

    RawClient(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Another connection to the same broker. */
    RawClient another() throws IOException {
        return new RawClient(socket.getPort());
    }

    /** Sends the request and waits for its answer, all of which must be understood. */
    ApiMessage ask(ApiMessage request, short version) throws IOException {
        send(request, version);
        return receive(ApiMessageType.fromApiKey(request.apiKey()), version);
    }

    /** Sends the request, whose answer is for {@link #receive}. */
    void send(ApiMessage request, short version) throws IOException {
        ApiMessageType type = ApiMessageType.fromApiKey(request.apiKey());
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(request.apiKey())
                .setRequestApiVersion(version)
                .setCorrelationId(++correlationId)
                .setClientId("raw");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, type.requestHeaderVersion(version))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        int size = head.remaining() + body.remaining();
        socket.getOutputStream()
                .write(ByteBuffer.allocate(4 + size)
                        .putInt(size)
                        .put(head)
                        .put(body)
                        .array());
    }

    /** Waits for the answer to the request that was sent last. */
    ApiMessage receive(ApiMessageType type, short version) throws IOException {
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        ByteBuffer bytes = ByteBuffer.wrap(answer);
        ByteBufferAccessor readable = new ByteBufferAccessor(bytes);
        int answered = new ResponseHeaderData(readable, type.responseHeaderVersion(version)).correlationId();
        ApiMessage response = type.newResponse();
        response.read(readable, version);
        if (answered != correlationId || bytes.hasRemaining()) {
            throw new IOException("the answer to " + type + " version " + version + " is for request " + answered
                    + " and leaves " + bytes.remaining() + " bytes");
        }
        return response;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
