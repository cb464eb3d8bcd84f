package io.sluice.admin.metrics;

/** How many of many are shown: {@code all}, {@code none} or a number, as {@code metrics.topics} and {@code metrics.groups} say it. */
record Limit(int most) {
    static Limit parse(String value) {
        return switch (value.trim()) {
            case "all" -> new Limit(Integer.MAX_VALUE);
            case "none" -> new Limit(0);
            default -> new Limit(Integer.parseInt(value.trim()));
        };
    }

    boolean covers(int count) {
        return count <= most;
    }
}
