package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random and mutated frames through the real socket leave the broker serving and its memory flat. */
class FrameFuzzProofIT {
    private static final int CONNECTIONS = 4;
    private static final int FRAMES_A_WRITE = 8;
    private static final int PATIENCE_MS = 200;
    private static final int SENTINEL_ID = 0x5e57;

    /** ApiVersions, version 0. */
    private static final byte[] SENTINEL = ByteBuffer.allocate(14)
            .putInt(10)
            .putShort((short) 18)
            .putShort((short) 0)
            .putInt(SENTINEL_ID)
            .putShort((short) -1)
            .array();

    @TempDir
    Path folder;

    @Test
    void shouldGoOnServingWhenAMillionBadFramesCome() throws Exception {
        int frames = Proof.count("frames", 1_000_000);
        long seed = Long.getLong("proof.seed", System.nanoTime());
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), "auto.create.topics.enable=false")) {
            Clients.createTopic(broker.bootstrap(), "bystander", 1, Map.of());
            Load load = new Load(broker.bootstrap(), "bystander", 1).begin();
            List<byte[]> templates = templates();
            fuzz(broker.port(), templates, seed, frames / 10);
            long early = broker.residentKb();
            AtomicLong reconnects = fuzz(broker.port(), templates, seed + 1, frames - frames / 10);
            long late = broker.residentKb();
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("fuzz")
                    .with("frames", frames)
                    .with("seed", seed)
                    .with("connections_closed", reconnects)
                    .with("rss_early_mb", early / 1024)
                    .with("rss_late_mb", late / 1024)
                    .with("bystander_acknowledged", load.total())
                    .with("bystander_lost", audit.lost())
                    .print();
            assertThat(broker.isAlive()).isTrue();
            assertThat(load.errors()).isEmpty();
            assertThat(load.total()).isPositive();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(late).as("resident memory in KiB").isLessThan(early + 200 * 1024);
        }
    }

    /** One valid request of every API and version, to be mutated. */
    private static List<byte[]> templates() {
        List<byte[]> all = new ArrayList<>();
        for (ApiMessageType type : ApiMessageType.values()) {
            for (short version = type.lowestSupportedVersion();
                    version <= type.highestSupportedVersion(true);
                    version++) {
                ApiMessage request = type.newRequest();
                RequestHeaderData header = new RequestHeaderData()
                        .setRequestApiKey(type.apiKey())
                        .setRequestApiVersion(version)
                        .setCorrelationId(7)
                        .setClientId("fuzz");
                try {
                    byte[] head = bytes(header, type.requestHeaderVersion(version));
                    byte[] body = bytes(request, version);
                    byte[] frame = new byte[head.length + body.length];
                    System.arraycopy(head, 0, frame, 0, head.length);
                    System.arraycopy(body, 0, frame, head.length, body.length);
                    all.add(frame);
                } catch (RuntimeException e) {
                    continue; // a request whose fields have no default at this version
                }
            }
        }
        return all;
    }

    private static byte[] bytes(ApiMessage message, short version) {
        ByteBufferAccessor bytes = MessageUtil.toByteBufferAccessor(message, version);
        ByteBuffer buffer = bytes.buffer().duplicate();
        byte[] all = new byte[message.size(new ObjectSerializationCache(), version)];
        buffer.get(all);
        return all;
    }

    private static AtomicLong fuzz(int port, List<byte[]> templates, long seed, int frames) throws Exception {
        AtomicLong reconnects = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            SplittableRandom random = new SplittableRandom(seed * 31 + i);
            Thread thread =
                    new Thread(() -> send(port, templates, random, frames / CONNECTIONS, reconnects), "fuzz-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return reconnects;
    }

    private static void send(
            int port, List<byte[]> templates, SplittableRandom random, int frames, AtomicLong reconnects) {
        int left = frames;
        while (left > 0) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(PATIENCE_MS);
                OutputStream out = socket.getOutputStream();
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                while (left > 0) {
                    ByteBuffer many = ByteBuffer.allocate(1 << 16);
                    int batch = Math.min(left, 1 + random.nextInt(FRAMES_A_WRITE));
                    left -= batch;
                    for (int i = 0; i < batch; i++) {
                        many.put(frame(templates, random));
                    }
                    many.put(SENTINEL);
                    out.write(many.array(), 0, many.position());
                    awaitSentinel(in);
                }
            } catch (IOException e) {
                reconnects.incrementAndGet();
            }
        }
    }

    /** Reads answers until the one to the good request behind the bad ones; the end of the stream is an answer, too. */
    private static void awaitSentinel(DataInputStream in) throws IOException {
        while (true) {
            int size = in.readInt();
            int correlation = in.readInt();
            in.skipNBytes(size - 4L);
            if (correlation == SENTINEL_ID) {
                return;
            }
        }
    }

    /** A frame of noise, or a valid request with bytes changed, cut or added; now and then with a size that lies. */
    private static byte[] frame(List<byte[]> templates, SplittableRandom random) {
        byte[] body;
        if (random.nextInt(8) == 0) {
            body = new byte[random.nextInt(200)];
            random.nextBytes(body);
        } else {
            body = templates.get(random.nextInt(templates.size())).clone();
            int changes = random.nextInt(4);
            for (int i = 0; i < changes && body.length > 8; i++) {
                body[8 + random.nextInt(body.length - 8)] = (byte) random.nextInt();
            }
        }
        int size = random.nextInt(500) == 0 ? random.nextInt() : body.length;
        return ByteBuffer.allocate(4 + body.length).putInt(size).put(body).array();
    }
}
