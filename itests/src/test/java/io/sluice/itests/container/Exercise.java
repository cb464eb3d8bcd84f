package io.sluice.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Has every part of the broker do something: commands go through handlers, replication and engines, a frame through the transport. */
final class Exercise {
    /** ApiVersions, version 0. */
    private static final byte[] API_VERSIONS = ByteBuffer.allocate(14)
            .putInt(10)
            .putShort((short) 18)
            .putShort((short) 0)
            .putInt(7)
            .putShort((short) -1)
            .array();

    private static final int PATIENCE_MS = 10_000;

    private final BundleContext context;
    private final String endpoint;
    private int written;

    Exercise(Container container) {
        this.context = container.context();
        this.endpoint = container.endpoint();
    }

    void createTopics() throws Exception {
        run("topic:create on-disk");
        run("topic:create in-memory --config storage.engine=memory");
        run("topic:create in-mapdb --config storage.engine=mapdb");
    }

    /** Writes a record to each topic and reads all that were written; asks the broker what it knows, over TCP. */
    void run() throws Exception {
        written++;
        for (String topic : new String[] {"on-disk", "in-memory", "in-mapdb"}) {
            run("record:produce " + topic + " --value v" + written);
            String read = run("record:consume " + topic + " --from earliest --max " + written + " --group readers");
            assertTrue(read, read.contains("v" + written));
        }
        int colon = endpoint.lastIndexOf(':');
        try (Socket socket =
                new Socket(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)))) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.getOutputStream().write(API_VERSIONS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertTrue(in.readInt() > 100);
            assertEquals(7, in.readInt());
            assertEquals(0, in.readShort());
        }
    }

    private String run(String command) throws Exception {
        ServiceReference<CommandProcessor> reference = context.getServiceReference(CommandProcessor.class);
        CommandProcessor processor = context.getService(reference);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
                CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]), print, print)) {
            Object result = session.execute(command);
            print.flush();
            String said = out.toString(StandardCharsets.UTF_8);
            if (result instanceof Number code && code.intValue() != 0) {
                throw new IOException(command + " ended with " + code + ": " + said);
            }
            return said;
        } finally {
            context.ungetService(reference);
        }
    }
}
