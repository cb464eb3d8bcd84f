package io.sluice.admin.shell;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What a client says first: four bytes of length, then its working directory, its terminal ({@code WIDTH}, or
 * {@code WIDTHxHEIGHT} and the terminal's type after a space) and the words of the command, in UTF-8 with a zero byte between.
 *
 * @param width of the terminal in columns, 0 when there is none
 * @param height of the terminal in rows, 0 when there is none
 */
record Hello(Path workingDirectory, int width, int height, String terminalType, List<String> words) {
    private static final int BYTES_MAX = 4 << 20;

    static Hello read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > BYTES_MAX) {
            throw new IOException("a command line of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the command line is cut off");
        }
        return parse(new String(bytes, StandardCharsets.UTF_8));
    }

    static Hello parse(String text) throws IOException {
        List<String> fields = List.of(text.split("\0", -1));
        if (fields.size() < 2) {
            throw new IOException("a command line without a terminal width");
        }
        String[] terminal = fields.get(1).split(" ", 2);
        String[] size = terminal[0].split("x", 2);
        return new Hello(
                Path.of(fields.get(0)),
                number(size[0]),
                size.length > 1 ? number(size[1]) : 0,
                terminal.length > 1 ? terminal[1] : "",
                fields.subList(2, fields.size()));
    }

    private static int number(String text) throws IOException {
        try {
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("not a terminal width: " + text, e);
        }
    }

    boolean isInteractive() {
        return !words.isEmpty() && words.get(0).equals("shell");
    }
}
