package io.sluice.admin.metrics.jmx;

/**
 * The rates of a count that grows: exponentially weighted over one, five and fifteen minutes, as load averages are, and the mean since the first tick. Ticked by one
 * thread every {@link #TICK_SECONDS}; read by any.
 */
final class Meter {
    static final int TICK_SECONDS = 5;

    private static final double SECONDS_OF_MINUTE = 60.0;

    private long first = -1L;
    private long count;
    private double seconds;
    private double one;
    private double five;
    private double fifteen;

    /** @param total the count as it stands now */
    synchronized void tick(long total, double elapsedSeconds) {
        if (first < 0L) {
            first = total;
            count = total;
            return;
        }
        if (elapsedSeconds <= 0.0) {
            return;
        }
        double rate = Math.max(0L, total - count) / elapsedSeconds;
        boolean begins = seconds == 0.0;
        count = total;
        seconds += elapsedSeconds;
        one = begins ? rate : weighted(one, rate, elapsedSeconds, 1);
        five = begins ? rate : weighted(five, rate, elapsedSeconds, 5);
        fifteen = begins ? rate : weighted(fifteen, rate, elapsedSeconds, 15);
    }

    private static double weighted(double before, double rate, double elapsedSeconds, int minutes) {
        double weight = 1.0 - Math.exp(-elapsedSeconds / (minutes * SECONDS_OF_MINUTE));
        return before + weight * (rate - before);
    }

    synchronized long count() {
        return count;
    }

    synchronized double meanRate() {
        return seconds == 0.0 ? 0.0 : (count - first) / seconds;
    }

    synchronized double oneMinuteRate() {
        return one;
    }

    synchronized double fiveMinuteRate() {
        return five;
    }

    synchronized double fifteenMinuteRate() {
        return fifteen;
    }
}
