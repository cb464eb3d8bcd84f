package io.sluice.admin.shell;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/**
 * The client's standard input. The connection's thread offers what comes, the command's thread takes it; the client
 * begins to send once the command first reads. Closed, it ends.
 */
final class ClientInput extends InputStream {
    private static final int CHUNKS_MAX = 64;

    private final FrameWriter frames;
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private int position;
    private boolean asked;
    private boolean ended;

    ClientInput(FrameWriter frames) {
        this.frames = frames;
    }

    /** Adds bytes; an empty array is the end. Waits while the command lags behind. */
    synchronized void offer(byte[] bytes) throws InterruptedException {
        while (chunks.size() >= CHUNKS_MAX && !ended) {
            wait();
        }
        if (bytes.length == 0) {
            ended = true;
        } else if (!ended) {
            chunks.add(bytes);
        }
        notifyAll();
    }

    /** Ends the input; a waiting reader gets the end at once. */
    synchronized void end() {
        ended = true;
        chunks.clear();
        position = 0;
        notifyAll();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (chunks.isEmpty()) {
            if (ended) {
                return -1;
            }
            if (!asked) {
                asked = true;
                frames.write(FrameKind.WANT_INPUT);
            }
            awaitChange();
        }
        byte[] chunk = chunks.element();
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, target, offset, count);
        position += count;
        if (position == chunk.length) {
            chunks.remove();
            position = 0;
            notifyAll();
        }
        return count;
    }

    private void awaitChange() throws IOException {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for input", e);
        }
    }

    @Override
    public synchronized int available() {
        return chunks.isEmpty() ? 0 : chunks.element().length - position;
    }

    @Override
    public void close() {
        end();
    }
}
