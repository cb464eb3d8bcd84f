package io.sluice.itests;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/** A terminal with the shell in it: what is typed, and what is seen without the sequences that move the cursor. */
final class SshTerminal implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30L);

    private final ChannelShell channel;
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private int looked;

    SshTerminal(ClientSession session) throws IOException {
        channel = session.createShellChannel();
        channel.setUsePty(true);
        channel.setPtyType("xterm");
        channel.setPtyColumns(120);
        channel.setPtyLines(40);
        channel.setOut(screen);
        channel.open().verify(SOON);
    }

    void type(String keys) throws IOException {
        channel.getInvertedIn().write(keys.getBytes(StandardCharsets.UTF_8));
        channel.getInvertedIn().flush();
    }

    /** Waits until a text is seen after what was waited for before. */
    void see(String text) {
        await("seeing " + text + " in what is said:\n" + seen())
                .atMost(SOON)
                .until(() -> seen().indexOf(text, looked) >= 0);
        looked = seen().indexOf(text, looked) + text.length();
    }

    private String seen() {
        return screen.toString(StandardCharsets.UTF_8)
                .replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]|\u001b[=>]|\u001b\\(B|\u000f", "");
    }

    /** The exit code, once the session has ended. */
    int awaitEnd() {
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), SOON);
        Integer code = channel.getExitStatus();
        return code == null ? -1 : code;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
