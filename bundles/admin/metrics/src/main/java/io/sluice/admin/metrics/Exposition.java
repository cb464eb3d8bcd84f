package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.LatencySnapshot;
import io.sluice.broker.api.metrics.MetricSink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Gathers samples and writes them in Prometheus' text format 0.0.4: families in the order in which they came, each with its help and type. For one
 * thread.
 */
final class Exposition implements MetricSink {
    /** More of one family are left out. */
    static final int SERIES_MAX = 20_000;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final long[] LATENCY_BOUNDS = bounds();

    private final Shown shown;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private long leftOut;

    Exposition(Shown shown) {
        this.shown = shown;
    }

    private static final class Family {
        final String type;
        final String help;
        final Map<String, Double> samples = new LinkedHashMap<>();
        final Map<String, LatencySnapshot> latencies = new LinkedHashMap<>();

        Family(String type, String help) {
            this.type = type;
            this.help = help;
        }
    }

    /** 1, 2 and 5 times the powers of ten, from 100 microseconds to 10 seconds. */
    private static long[] bounds() {
        long[] bounds = new long[16];
        long decade = 100_000L;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = decade * (i % 3 == 0 ? 1L : i % 3 == 1 ? 2L : 5L);
            if (i % 3 == 2) {
                decade *= 10L;
            }
        }
        return bounds;
    }

    @Override
    public void counter(String name, String help, double value, String... labels) {
        sample("counter", name, help, value, labels);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
        sample("gauge", name, help, value, labels);
    }

    private void sample(String type, String name, String help, double value, String... labels) {
        Map<String, Double> samples = family(type, name, help).samples;
        String key = text(labels);
        if (samples.size() < SERIES_MAX || samples.containsKey(key)) {
            samples.merge(key, value, Double::sum);
        } else {
            leftOut++;
        }
    }

    @Override
    public void latency(String name, String help, LatencySnapshot snapshot, String... labels) {
        Map<String, LatencySnapshot> latencies = family("histogram", name, help).latencies;
        String key = text(labels);
        if (latencies.size() < SERIES_MAX / LATENCY_BOUNDS.length || latencies.containsKey(key)) {
            latencies.merge(key, snapshot, LatencySnapshot::plus);
        } else {
            leftOut++;
        }
    }

    private Family family(String type, String name, String help) {
        Family family = families.get(name);
        if (family == null) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("a metric cannot be called " + name);
            }
            family = new Family(type, help);
            families.put(name, family);
        }
        if (!family.type.equals(type)) {
            throw new IllegalArgumentException(name + " is a " + family.type + " already, and no " + type);
        }
        return family;
    }

    /** The labels as they are written, without braces. A topic or group that is not shown becomes {@link Shown#OTHER}. */
    private String text(String... labels) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException("a label without a value: " + String.join(", ", labels));
        }
        boolean hidden = false;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            String name = labels[i];
            String value = labels[i + 1];
            if (!LABEL.matcher(name).matches()) {
                throw new IllegalArgumentException("a label cannot be called " + name);
            }
            if ((name.equals("topic") && !shown.topic(value)) || (name.equals("group") && !shown.group(value))) {
                hidden = true;
                value = Shown.OTHER;
            } else if (hidden && name.equals("partition")) {
                value = Shown.OTHER;
            }
            text.append(i == 0 ? "" : ",").append(name).append("=\"");
            escape(value, text);
            text.append('"');
        }
        return text.toString();
    }

    private static void escape(String value, StringBuilder into) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> into.append("\\\\");
                case '"' -> into.append("\\\"");
                case '\n' -> into.append("\\n");
                default -> into.append(c);
            }
        }
    }

    /** How many samples were left out because their family had too many. */
    long leftOut() {
        return leftOut;
    }

    String text() {
        StringBuilder out = new StringBuilder(64 * 1024);
        families.forEach((name, family) -> {
            out.append("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(family.help.replace("\\", "\\\\").replace("\n", "\\n"))
                    .append('\n');
            out.append("# TYPE ").append(name).append(' ').append(family.type).append('\n');
            family.samples.forEach((labels, value) -> line(out, name, labels, value));
            family.latencies.forEach((labels, snapshot) -> latencyLines(out, name, labels, snapshot));
        });
        return out.toString();
    }

    private static void latencyLines(StringBuilder out, String name, String labels, LatencySnapshot snapshot) {
        String before = labels.isEmpty() ? "" : labels + ",";
        for (long bound : LATENCY_BOUNDS) {
            String le = before + "le=\"" + number(bound / 1e9) + "\"";
            line(out, name + "_bucket", le, snapshot.countUpTo(bound));
        }
        line(out, name + "_bucket", before + "le=\"+Inf\"", snapshot.count());
        line(out, name + "_sum", labels, snapshot.sumNanos() / 1e9);
        line(out, name + "_count", labels, snapshot.count());
    }

    private static void line(StringBuilder out, String name, String labels, double value) {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return Double.toString(value);
    }
}
