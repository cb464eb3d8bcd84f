package io.sluice.protocol.generator;

/**
 * An inclusive range of message versions; empty when {@code lowest > highest}.
 *
 * <p>Schemas write it as {@code none}, {@code 3}, {@code 0-5} or {@code 2+}.
 */
record Versions(int lowest, int highest) {
    static final Versions NONE = new Versions(0, -1);

    static Versions parse(String text) {
        String trimmed = text.trim();
        if (trimmed.equals("none")) {
            return NONE;
        }
        if (trimmed.endsWith("+")) {
            return new Versions(Integer.parseInt(trimmed.substring(0, trimmed.length() - 1)), Short.MAX_VALUE);
        }
        int dash = trimmed.indexOf('-');
        if (dash < 0) {
            int only = Integer.parseInt(trimmed);
            return new Versions(only, only);
        }
        return new Versions(
                Integer.parseInt(trimmed.substring(0, dash)), Integer.parseInt(trimmed.substring(dash + 1)));
    }

    boolean isEmpty() {
        return lowest > highest;
    }

    Versions and(Versions other) {
        Versions both = new Versions(Math.max(lowest, other.lowest), Math.min(highest, other.highest));
        return both.isEmpty() ? NONE : both;
    }

    /** What is left of this range below and above {@code other}; the remainder must be one range. */
    Versions minus(Versions other) {
        Versions both = and(other);
        if (both.isEmpty()) {
            return this;
        }
        if (both.equals(this)) {
            return NONE;
        }
        if (both.highest == highest) {
            return new Versions(lowest, both.lowest - 1);
        }
        if (both.lowest == lowest) {
            return new Versions(both.highest + 1, highest);
        }
        throw new IllegalArgumentException(this + " minus " + other + " is not one range");
    }

    /** A Java expression over {@code version}, simplified by what {@code possible} already guarantees. */
    String condition(Versions possible) {
        Versions both = and(possible);
        if (both.isEmpty()) {
            return "false";
        }
        boolean low = both.lowest > possible.lowest;
        boolean high = both.highest < possible.highest;
        if (low && high) {
            return both.lowest == both.highest
                    ? "version == " + both.lowest
                    : "version >= " + both.lowest + " && version <= " + both.highest;
        }
        if (low) {
            return "version >= " + both.lowest;
        }
        return high ? "version <= " + both.highest : "true";
    }
}
