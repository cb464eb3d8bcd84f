package io.sluice.demo;

import java.util.Locale;

/** The live counts: one line that is written over on a terminal, a line every few seconds elsewhere. */
final class Screen {
    private static final int ELSEWHERE_EVERY = 20;

    private final boolean terminal = System.console() != null && System.getenv("TERM") != null;
    private int shown;
    private boolean open;

    void counts(Tally tally) {
        String line = String.format(
                Locale.ROOT,
                "  written %,9d   read %,9d   longest pause %d ms",
                tally.acknowledged(),
                tally.read(),
                tally.longestPauseMs());
        if (terminal) {
            System.out.print("\r" + line);
            System.out.flush();
            open = true;
        } else if (shown++ % ELSEWHERE_EVERY == 0) {
            System.out.println(line);
        }
    }

    void say(String line) {
        if (open) {
            System.out.println();
            open = false;
        }
        System.out.println(line);
        System.out.flush();
    }
}
