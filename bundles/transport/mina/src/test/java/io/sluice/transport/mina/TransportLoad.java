package io.sluice.transport.mina;

import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.SharedFile;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.kit.BoundSocket;
import io.sluice.transport.kit.Frames;
import io.sluice.transport.kit.RecordingHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the processor time of the I/O threads alone, per GB received and sent, and the heap of an idle connection. A program, not a
 * test: arguments are gigabytes and repetitions.
 */
final class TransportLoad {
    private static final int WRITE_BYTES = 64 * 1024;
    private static final double GB = 1e9;

    private TransportLoad() {}

    public static void main(String[] args) throws Exception {
        double gigabytes = args.length > 0 ? Double.parseDouble(args[0]) : 2.0;
        int repetitions = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        for (int i = 0; i < repetitions; i++) {
            floor(gigabytes);
            for (int frame : new int[] {1_000_000, 100_000, 16_384, 1_000}) {
                receive(frame, gigabytes);
            }
            for (int slice : new int[] {1_000_000, 100_000, 16_384, 4_096}) {
                send(slice, slice < 50_000 ? gigabytes / 4 : gigabytes, false);
                send(slice, slice < 50_000 ? gigabytes / 4 : gigabytes, true);
            }
        }
        idle(2_000);
    }

    /** Answers every frame with what it makes; without any copy of its own. */
    private record Answering(java.util.function.Supplier<io.sluice.protocol.OutboundFrame> answer)
            implements ConnectionHandler {
        @Override
        public FrameHandler connected(Connection connection) {
            return new FrameHandler() {
                @Override
                public void frame(ByteBuffer frame) {
                    connection.send(answer.get());
                }

                @Override
                public void closed(String reason) {}
            };
        }
    }

    private static void receive(int frameBytes, double gigabytes) throws Exception {
        byte[] small = new byte[20];
        Transport transport = open(new Answering(() -> Frames.answer(small)));
        try (Socket socket = socket(transport)) {
            int perWrite = Math.max(1, 1_000_000 / frameBytes);
            byte[] body = Frames.framed(new byte[frameBytes]);
            byte[] out = new byte[body.length * perWrite];
            for (int i = 0; i < perWrite; i++) {
                System.arraycopy(body, 0, out, i * body.length, body.length);
            }
            int rounds = (int) (gigabytes * GB / out.length);
            long before = cpu();
            long begin = System.nanoTime();
            Thread reader = new Thread(() -> drain(socket, 24L * perWrite * rounds));
            reader.start();
            OutputStream stream = socket.getOutputStream();
            for (int i = 0; i < rounds; i++) {
                for (int at = 0; at < out.length; at += WRITE_BYTES) {
                    stream.write(out, at, Math.min(WRITE_BYTES, out.length - at));
                }
            }
            reader.join();
            report("receive frames of " + frameBytes, (double) rounds * out.length, before, begin);
        } finally {
            transport.close(0L);
        }
    }

    /** What receiving costs at least: the same stream, read into one buffer and forgotten. */
    private static void floor(double gigabytes) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                Socket socket = new Socket("127.0.0.1", server.socket().getLocalPort());
                SocketChannel accepted = server.accept()) {
            long rounds = (long) (gigabytes * GB / WRITE_BYTES);
            long begin = System.nanoTime();
            long[] cpu = new long[1];
            Thread reader = new Thread(() -> cpu[0] = readAll(accepted));
            reader.start();
            byte[] out = new byte[WRITE_BYTES];
            for (long i = 0; i < rounds; i++) {
                socket.getOutputStream().write(out);
            }
            socket.shutdownOutput();
            reader.join();
            double all = (double) rounds * WRITE_BYTES / GB;
            System.out.printf(
                    "%-28s %6.2f GB/s, %5.3f CPU s/GB%n",
                    "floor of receiving", all / ((System.nanoTime() - begin) / 1e9), cpu[0] / 1e9 / all);
        }
    }

    private static long readAll(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
        try {
            while (channel.read(buffer.clear()) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void send(int sliceBytes, double gigabytes, boolean copied) throws Exception {
        Path path = Files.createTempFile("transport-load", ".log");
        Files.write(path, new byte[64 << 20]);
        SharedFile file = new SharedFile(FileChannel.open(path, StandardOpenOption.READ));
        Transport transport = open(new Answering(() -> {
            file.retain();
            FileSlice slice = new FileSlice(file, 4_096, sliceBytes);
            if (!copied) {
                return Frames.answer(new byte[60], slice);
            }
            try {
                ByteBuffer copy = slice.toBuffer();
                slice.release();
                return Frames.answer(new byte[60], new io.sluice.protocol.ByteBufferRecords(copy));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
        try (Socket socket = socket(transport)) {
            int answer = 64 + sliceBytes;
            int rounds = (int) (gigabytes * GB / answer);
            byte[] request = Frames.framed(new byte[60]);
            long before = cpu();
            long begin = System.nanoTime();
            Thread reader = new Thread(() -> drain(socket, (long) answer * rounds));
            reader.start();
            for (int i = 0; i < rounds; i++) {
                socket.getOutputStream().write(request);
            }
            reader.join();
            report(
                    (copied ? "send copies of " : "send slices of ") + sliceBytes,
                    (double) answer * rounds,
                    before,
                    begin);
        } finally {
            transport.close(0L);
            file.release();
            Files.delete(path);
        }
    }

    private static void idle(int connections) throws Exception {
        Transport transport = open(new RecordingHandler());
        List<Socket> sockets = new ArrayList<>();
        long before = heap();
        for (int i = 0; i < connections; i++) {
            sockets.add(socket(transport));
        }
        while (transport.connectionCount() < connections) {
            Thread.onSpinWait();
        }
        System.out.printf("idle connection, both ends: %d bytes of heap%n", (heap() - before) / connections);
        for (Socket socket : sockets) {
            socket.close();
        }
        transport.close(0L);
    }

    private static Transport open(ConnectionHandler handler) throws IOException {
        ListenerConfig listener = ListenerConfig.of("LOAD", "127.0.0.1", 0);
        return new MinaTransportFactory().open(listener, new BoundSocket(listener), handler);
    }

    private static Socket socket(Transport transport) throws IOException {
        Socket socket =
                new Socket(transport.address().getAddress(), transport.address().getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void drain(Socket socket, long bytes) {
        byte[] some = new byte[256 * 1024];
        try {
            InputStream stream = socket.getInputStream();
            long left = bytes;
            while (left > 0) {
                int read = stream.read(some, 0, (int) Math.min(some.length, left));
                if (read < 0) {
                    throw new IOException("ended early");
                }
                left -= read;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long all = 0L;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("sluice-mina-")) {
                all += Math.max(0L, threads.getThreadCpuTime(thread.getId()));
            }
        }
        return all;
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void report(String what, double bytes, long cpuBefore, long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        double cpu = (cpu() - cpuBefore) / 1e9;
        System.out.printf(
                "%-28s %6.2f GB/s, %5.3f CPU s/GB of I/O threads%n", what, bytes / GB / seconds, cpu / (bytes / GB));
    }
}
