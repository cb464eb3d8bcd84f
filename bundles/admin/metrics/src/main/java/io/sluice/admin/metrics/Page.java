package io.sluice.admin.metrics;

/**
 * An answer over HTTP.
 *
 * @param type of the body, as in Content-Type
 */
record Page(int status, String reason, String type, String body) {
    static Page text(int status, String reason, String body) {
        return new Page(status, reason, "text/plain; charset=utf-8", body + "\n");
    }

    static Page json(int status, String reason, String body) {
        return new Page(status, reason, "application/json", body + "\n");
    }
}
