package io.sluice.admin.shell;

import io.sluice.admin.api.ShellTerminal;
import java.io.InputStream;
import java.io.OutputStream;

/** The terminal of a client of the socket, as it was when the client came. */
record ClientTerminal(Hello hello, InputStream in, OutputStream out) implements ShellTerminal {
    @Override
    public String type() {
        return hello.terminalType();
    }

    @Override
    public int columns() {
        return hello.width();
    }

    @Override
    public int rows() {
        return hello.height();
    }
}
