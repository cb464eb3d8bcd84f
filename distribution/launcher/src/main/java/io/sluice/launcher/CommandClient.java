package io.sluice.launcher;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs one command in a broker that is running, over its Unix socket.
 *
 * <p>The client says first: four bytes of length, then its working directory, its terminal ({@code WIDTHxHEIGHT TYPE}) and the
 * words of the command, in UTF-8 with a zero byte between. Then both sides send frames: a byte for the kind, four of length,
 * the bytes. To the client: 1 standard output, 2 standard error, 3 the exit code, 5 "I read standard input". From the
 * client: 0 standard input (empty: its end), 6 the user wants to stop.
 */
final class CommandClient {
    private static final int INPUT = 0;
    private static final int OUTPUT = 1;
    private static final int ERROR = 2;
    private static final int EXIT = 3;
    private static final int WANT_INPUT = 5;
    private static final int INTERRUPT = 6;
    private static final int NOT_RUNNING = 3;

    private final SocketChannel channel;

    private CommandClient(SocketChannel channel) {
        this.channel = channel;
    }

    static int run(List<String> args) throws RefusedException, IOException {
        List<String> words = new ArrayList<>(args);
        Path data = takeData(words).toAbsolutePath().normalize();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try {
                channel.connect(UnixDomainSocketAddress.of(RunDirectory.socket(data)));
            } catch (IOException e) {
                throw new RefusedException(
                        NOT_RUNNING, "No broker is running on " + data + "; start one with: sluice run --data " + data);
            }
            return new CommandClient(channel).talk(words);
        }
    }

    /** Takes {@code --data DIR} out of the words, wherever it stands; the last one counts. */
    static Path takeData(List<String> words) throws RefusedException {
        String data = "data";
        for (int i = 0; i < words.size(); ) {
            String word = words.get(i);
            if (word.startsWith("--data=")) {
                data = word.substring("--data=".length());
                words.remove(i);
            } else if (word.equals("--data")) {
                if (i + 1 == words.size()) {
                    throw new RefusedException(2, "--data needs a value");
                }
                data = words.get(i + 1);
                words.subList(i, i + 2).clear();
            } else {
                i++;
            }
        }
        return Path.of(data);
    }

    private int talk(List<String> words) throws IOException {
        hello(words);
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "interrupt"));
        DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
        PrintStream out = System.out;
        try {
            while (true) {
                int kind = in.readUnsignedByte();
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                switch (kind) {
                    case OUTPUT -> write(out, bytes);
                    case ERROR -> write(System.err, bytes);
                    case EXIT -> {
                        return ByteBuffer.wrap(bytes).getInt();
                    }
                    case WANT_INPUT -> startInput();
                    default -> throw new IOException("the broker sent a frame of kind " + kind);
                }
            }
        } catch (EOFException e) {
            throw new IOException("the broker ended while the command ran", e);
        }
    }

    private static void write(OutputStream to, byte[] bytes) throws IOException {
        to.write(bytes);
        to.flush();
    }

    private void hello(List<String> words) throws IOException {
        List<String> fields = new ArrayList<>();
        fields.add(Path.of("").toAbsolutePath().toString());
        fields.add(System.getProperty("sluice.terminal", "0"));
        fields.addAll(words);
        byte[] text = String.join("\0", fields).getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(4 + text.length).putInt(text.length).put(text).flip());
    }

    private void startInput() {
        Thread reader = new Thread(this::readInput, "input");
        reader.setDaemon(true);
        reader.start();
    }

    private void readInput() {
        byte[] buffer = new byte[8192];
        try {
            for (int read = System.in.read(buffer); read > 0; read = System.in.read(buffer)) {
                frame(INPUT, buffer, read);
            }
            frame(INPUT, buffer, 0);
        } catch (IOException e) {
            System.err.println("Standard input could not be passed on: " + e.getMessage());
        }
    }

    private void interrupt() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            frame(INTERRUPT, new byte[0], 0);
        } catch (IOException e) {
            return; // the command has ended already
        }
    }

    private void frame(int kind, byte[] bytes, int length) throws IOException {
        send(ByteBuffer.allocate(5 + length)
                .put((byte) kind)
                .putInt(length)
                .put(bytes, 0, length)
                .flip());
    }

    private synchronized void send(ByteBuffer frame) throws IOException {
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }
}
