package io.sluice.admin.shell;

import org.jspecify.annotations.Nullable;

/**
 * The user's wish to stop what runs. A one-shot command looks at {@link #isRaised()}; the interactive shell takes each
 * wish for the command in its foreground, and goes on itself. Any thread.
 */
final class ShellSignal {
    private volatile boolean raised;
    private volatile @Nullable Runnable handler;

    /** From now on each wish goes there. */
    void handledBy(Runnable shell) {
        this.handler = shell;
    }

    /** @return true when a shell took the wish, false when the whole command is to stop */
    boolean raise() {
        Runnable shell = handler;
        if (shell != null) {
            shell.run();
            return true;
        }
        raised = true;
        return false;
    }

    /** The client is gone: what runs in a shell's foreground stops, and so does the whole command. */
    void hangUp() {
        raised = true;
        Runnable shell = handler;
        if (shell != null) {
            shell.run();
        }
    }

    boolean isRaised() {
        return raised;
    }
}
