package io.sluice.admin.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Writes frames: the kind, four bytes of length, the bytes. Several threads may write; a frame is never torn. */
final class FrameWriter {
    private static final int HEADER_BYTES = 5;
    private static final int BUFFER_BYTES = 8192;

    private final WritableByteChannel channel;

    FrameWriter(WritableByteChannel channel) {
        this.channel = channel;
    }

    synchronized void write(byte kind, byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + length);
        frame.put(kind).putInt(length).put(bytes, offset, length).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    void write(byte kind) throws IOException {
        write(kind, new byte[0], 0, 0);
    }

    void exit(int code) throws IOException {
        write(FrameKind.EXIT, ByteBuffer.allocate(4).putInt(code).array(), 0, 4);
    }

    /** A stream whose bytes leave in frames of a kind; buffered, so that a table is not a frame for each cell. */
    PrintStream stream(byte kind) {
        return new PrintStream(new BufferedOutputStream(raw(kind), BUFFER_BYTES), false, StandardCharsets.UTF_8);
    }

    /** The same without a buffer. */
    OutputStream raw(byte kind) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                FrameWriter.this.write(kind, bytes, offset, length);
            }
        };
    }
}
