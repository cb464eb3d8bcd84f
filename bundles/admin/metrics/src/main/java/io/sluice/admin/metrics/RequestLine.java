package io.sluice.admin.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 request, and what is wrong with it.
 *
 * @param refusal what to answer at once; null when the request is in order
 */
record RequestLine(String method, String path, @Nullable Page refusal) {
    /** A head that is longer is refused. */
    static final int HEAD_BYTES_MAX = 8 * 1024;

    /** Reads up to the empty line; null when the peer sent nothing at all. */
    static @Nullable RequestLine read(InputStream in) throws IOException {
        byte[] head = new byte[HEAD_BYTES_MAX];
        int size = 0;
        while (!ends(head, size)) {
            if (size == head.length) {
                return refused(431, "Request Header Fields Too Large", "A request's head has at most 8 KiB here.");
            }
            int next = in.read(head, size, head.length - size);
            if (next < 0) {
                return size == 0 ? null : refused(400, "Bad Request", "The request is cut off.");
            }
            size += next;
        }
        String[] lines = new String(head, 0, size, StandardCharsets.ISO_8859_1).split("\r?\n");
        return of(lines);
    }

    private static boolean ends(byte[] head, int size) {
        for (int i = 1; i < size; i++) {
            if (head[i] == '\n' && (head[i - 1] == '\n' || (i > 1 && head[i - 1] == '\r' && head[i - 2] == '\n'))) {
                return true;
            }
        }
        return false;
    }

    private static RequestLine of(String[] lines) {
        String[] words = lines.length == 0 ? new String[0] : lines[0].split(" ", -1);
        if (words.length != 3 || !words[1].startsWith("/")) {
            return refused(400, "Bad Request", "This is no request: METHOD /path HTTP/1.1 is expected.");
        }
        if (!words[2].equals("HTTP/1.1") && !words[2].equals("HTTP/1.0")) {
            return refused(505, "HTTP Version Not Supported", "HTTP/1.0 and HTTP/1.1 are understood here.");
        }
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                return refused(400, "Bad Request", "A header is no NAME: VALUE.");
            }
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).trim();
            if (name.equals("transfer-encoding") || (name.equals("content-length") && !value.equals("0"))) {
                return refused(413, "Content Too Large", "Requests have no body here.");
            }
        }
        if (!words[0].equals("GET") && !words[0].equals("HEAD")) {
            return refused(405, "Method Not Allowed", "Only GET and HEAD are answered here.");
        }
        int query = words[1].indexOf('?');
        return new RequestLine(words[0], query < 0 ? words[1] : words[1].substring(0, query), null);
    }

    private static RequestLine refused(int status, String reason, String why) {
        return new RequestLine("GET", "", Page.text(status, reason, why));
    }
}
