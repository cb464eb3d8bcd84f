package io.sluice.itests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A connection without a client library: it sends one request, and another for each answer that comes, until the broker ends
 * the connection; and it knows how that ended.
 */
final class RawPeer implements AutoCloseable {
    /** How a connection ended. */
    enum End {
        OPEN,
        /** After a whole answer, by the end of the stream. */
        CLEAN,
        /** In the middle of an answer. */
        TRUNCATED,
        /** By a reset, which may have destroyed answers that were already sent. */
        RESET
    }

    private final Socket socket;
    private final OutputStream out;
    private final byte[] request;
    private final int depth;
    private final boolean again;
    private final Consumer<byte[]> onAnswer;
    private final AtomicLong answers = new AtomicLong();
    private final Thread thread;
    private volatile End end = End.OPEN;

    private RawPeer(int port, byte[] request, int depth, boolean again, Consumer<byte[]> onAnswer) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.out = socket.getOutputStream();
        this.request = request;
        this.depth = depth;
        this.again = again;
        this.onAnswer = onAnswer;
        this.thread = new Thread(this::talk, "raw-" + socket.getLocalPort());
        thread.start();
    }

    /** Sends the request once. */
    static RawPeer once(int port, byte[] request) throws IOException {
        return new RawPeer(port, request, 1, false, answer -> {});
    }

    /** Keeps so many requests in flight. */
    static RawPeer pipelining(int port, byte[] request, int depth, Consumer<byte[]> onAnswer) throws IOException {
        return new RawPeer(port, request, depth, true, onAnswer);
    }

    private void talk() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            for (int i = 0; i < depth; i++) {
                out.write(request);
            }
            while (true) {
                int first = in.read();
                if (first < 0) {
                    end = End.CLEAN;
                    return;
                }
                byte[] answer = new byte[first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort()];
                in.readFully(answer);
                onAnswer.accept(answer);
                answers.incrementAndGet();
                if (again) {
                    sendAgain();
                }
            }
        } catch (EOFException e) {
            end = End.TRUNCATED;
        } catch (IOException e) {
            end = End.RESET;
        }
    }

    /** The broker may have closed its side already; what it sent before is still to be read. */
    private void sendAgain() {
        try {
            out.write(request);
        } catch (IOException e) {
            Thread.yield(); // how the connection ends is seen where it is read
        }
    }

    long answers() {
        return answers.get();
    }

    /** Waits until the broker has ended the connection. */
    End awaitEnd() throws InterruptedException {
        thread.join(20_000L);
        return end;
    }

    @Override
    public void close() throws Exception {
        socket.close();
        thread.join(5_000L);
    }
}
