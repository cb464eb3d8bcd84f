package io.sluice.admin.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.apache.sshd.common.channel.LocalWindow;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/**
 * What the user sends on a channel, for one reader. The I/O thread never waits: what is not read yet is bounded by the channel's window, which is opened again as it is read.
 */
final class ChannelInput extends InputStream implements ChannelDataReceiver {
    private static final int LINE_BYTES_MAX = 64 * 1024;

    private static final int END_OF_TEXT = 3; // Ctrl-C
    private static final int END_OF_TRANSMISSION = 4; // Ctrl-D

    private final LocalWindow window;
    private final @Nullable Runnable interrupt;
    private final Queue<byte[]> chunks = new ArrayDeque<>();
    private int position;
    private boolean ended;

    /** @param interrupt what Ctrl-C does where a raw terminal sends lines to a command; null when all bytes are the reader's */
    ChannelInput(LocalWindow window, @Nullable Runnable interrupt) {
        this.window = window;
        this.interrupt = interrupt;
    }

    @Override
    public synchronized int data(ChannelSession channel, byte[] bytes, int start, int length) {
        if (ended) {
            return length; // nobody will read it
        }
        byte[] chunk = Arrays.copyOfRange(bytes, start, start + length);
        if (interrupt != null) {
            chunk = typed(chunk, interrupt);
        }
        if (chunk.length > 0) {
            chunks.add(chunk);
            notifyAll();
        }
        return length - chunk.length;
    }

    private byte[] typed(byte[] keys, Runnable onInterrupt) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(keys.length);
        for (byte key : keys) {
            if (key == END_OF_TEXT) {
                onInterrupt.run();
                close();
            } else if (key == END_OF_TRANSMISSION) {
                close();
            } else if (!ended) {
                text.write(key == '\r' ? '\n' : key);
            }
        }
        return text.toByteArray();
    }

    /** No more comes; what has come is still read. */
    @Override
    public synchronized void close() {
        ended = true;
        notifyAll();
    }

    /** Ends the input at once. */
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
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = length == 0 ? 0 : take(target, offset, length);
        if (count > 0 && window.isOpen()) {
            window.release(count);
        }
        return count;
    }

    private synchronized int take(byte[] target, int offset, int length) throws IOException {
        while (chunks.isEmpty()) {
            if (ended) {
                return -1;
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

    /** The next line in UTF-8, without its end, and not a byte more: what follows may be a command's. @return null at the end */
    @Nullable
    String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = read();
        if (next < 0) {
            return null;
        }
        for (; next >= 0 && next != '\n'; next = read()) {
            line.write(next);
            if (line.size() > LINE_BYTES_MAX) {
                throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes");
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
