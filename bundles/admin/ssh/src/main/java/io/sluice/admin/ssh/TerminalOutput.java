package io.sluice.admin.ssh;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Ends lines as a raw terminal wants them: a line feed goes out with a carriage return before it. */
final class TerminalOutput extends FilterOutputStream {
    TerminalOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        if (b == '\n') {
            out.write('\r');
        }
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                out.write(bytes, from, i - from);
                out.write('\r');
                from = i;
            }
        }
        out.write(bytes, from, offset + length - from);
    }
}
