package io.sluice.coordinator.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells how large a regular expression becomes when its repetitions are written out, as RE2 does when it compiles it: {@code ((a{1000}){1000}){1000}} is
 * short and would take all memory there is. An estimate from above that looks at groups, classes and counted repetitions only; whether the expression
 * is right is for RE2 to say. Stateless to its callers; any thread.
 */
public final class RegexSize {
    private static final int DEPTH_MAX = 250;
    private static final long EXPANSION_MAX = 5_000L;
    private static final long UNBOUNDED = 1_000_000_000L;

    private final String regex;
    private final Deque<long[]> groups = new ArrayDeque<>();
    private int at;
    private boolean tooDeep;

    private RegexSize(String regex) {
        this.regex = regex;
        groups.push(new long[2]);
    }

    /** True for an expression whose repetitions or groups within groups would take more than any that is meant for the names of topics or of transactions. */
    public static boolean isTooLarge(String regex) {
        RegexSize size = new RegexSize(regex);
        return size.expanded() - regex.length() > EXPANSION_MAX || size.tooDeep;
    }

    private long expanded() {
        while (at < regex.length() && !tooDeep) {
            step(regex.charAt(at));
            at++;
        }
        long total = 0L;
        for (long[] group : groups) {
            total += group[0] + group[1];
        }
        return total;
    }

    private void step(char c) {
        switch (c) {
            case '\\' -> escape();
            case '[' -> {
                skipClass();
                element(1L);
            }
            case '(' -> {
                groups.push(new long[2]);
                tooDeep |= groups.size() > DEPTH_MAX;
            }
            case ')' -> {
                if (groups.size() > 1) {
                    long[] group = groups.pop();
                    element(group[0] + group[1]);
                }
            }
            case '{' -> repeat();
            default -> element(1L);
        }
    }

    /** What comes next is of this size; what came before it is not repeated any more. */
    private void element(long size) {
        long[] group = groups.element();
        group[0] = Math.min(UNBOUNDED, group[0] + group[1]);
        group[1] = Math.min(UNBOUNDED, size);
    }

    private void escape() {
        if (!regex.startsWith("\\Q", at)) {
            at++;
            element(1L);
            return;
        }
        int end = regex.indexOf("\\E", at + 2);
        int last = end < 0 ? regex.length() : end;
        element(last - at);
        element(1L);
        at = end < 0 ? last : end + 1;
    }

    private void skipClass() {
        int i = at + 1;
        if (i < regex.length() && regex.charAt(i) == '^') {
            i++;
        }
        if (i < regex.length() && regex.charAt(i) == ']') {
            i++;
        }
        while (i < regex.length() && regex.charAt(i) != ']') {
            int named = regex.startsWith("[:", i) ? regex.indexOf(":]", i + 2) : -1;
            if (named >= 0) {
                i = named + 2;
            } else {
                i += regex.charAt(i) == '\\' ? 2 : 1;
            }
        }
        at = i;
    }

    /** {@code {n}}, {@code {n,}} or {@code {n,m}}; anything else in braces is text. */
    private void repeat() {
        int end = regex.indexOf('}', at);
        String inner = end < 0 ? "" : regex.substring(at + 1, end);
        if (!inner.matches("\\d{1,9}(,\\d{0,9})?")) {
            element(1L);
            return;
        }
        long most = 1L;
        for (String number : inner.split(",")) {
            most = Math.max(most, Long.parseLong(number));
        }
        long[] group = groups.element();
        group[1] = Math.min(UNBOUNDED, group[1] * most);
        at = end;
    }
}
