package io.sluice.admin.ssh;

import io.sluice.admin.api.ShellTerminal;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/** The terminal that a user has asked for with a channel. Its type and size are in the channel's environment, which follows its changes. */
final class ChannelTerminal implements ShellTerminal {
    private final InputStream in;
    private final OutputStream out;
    private final Environment environment;
    private @Nullable Watcher watcher;
    private boolean gone;

    ChannelTerminal(InputStream in, OutputStream out, Environment environment) {
        this.in = in;
        this.out = out;
        this.environment = environment;
    }

    static boolean isAskedFor(ChannelSession channel) {
        return channel.getEnvironment().getEnv().containsKey(Environment.ENV_COLUMNS);
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public String type() {
        return environment.getEnv().getOrDefault(Environment.ENV_TERM, "");
    }

    @Override
    public int columns() {
        return number(Environment.ENV_COLUMNS);
    }

    @Override
    public int rows() {
        return number(Environment.ENV_LINES);
    }

    private int number(String name) {
        String value = environment.getEnv().getOrDefault(name, "");
        return value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : 0;
    }

    @Override
    public void watch(Watcher who) {
        boolean late;
        synchronized (this) {
            watcher = who;
            late = gone;
        }
        if (late) {
            who.hungUp();
        }
    }

    void resized() {
        Watcher told = told();
        if (told != null) {
            told.resized();
        }
    }

    void hungUp() {
        Watcher told;
        synchronized (this) {
            gone = true;
            told = watcher;
        }
        if (told != null) {
            told.hungUp();
        }
    }

    private synchronized @Nullable Watcher told() {
        return watcher;
    }
}
