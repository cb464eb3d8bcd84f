package io.sluice.admin.api;

import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The terminal of somebody who uses the interactive shell. It is raw: it neither echoes nor edits lines, that is the shell's. The streams belong to whoever offers the
 * terminal.
 */
@ConsumerType
public interface ShellTerminal {
    InputStream in();

    OutputStream out();

    /** Its type as terminfo knows it: {@code xterm-256color}; empty when it is not known. */
    String type();

    /** 0 when it is not known. */
    int columns();

    /** 0 when it is not known. */
    int rows();

    /** Who wants to know what happens to it, from when the shell begins until it has ended. */
    default void watch(Watcher watcher) {}

    /** Told what happens to a terminal, on any thread; returns soon. */
    @ProviderType
    interface Watcher {
        /** It has another size. */
        void resized();

        /** The user is gone: what runs in the foreground is to stop. */
        void hungUp();
    }
}
