package io.sluice.admin.metrics.jmx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;

/** An MBean whose attributes are called as those of Kafka's meters, gauges and histograms are. They can be read and nothing else. */
final class KafkaBean implements DynamicMBean {
    private final List<Readable> readables;

    private KafkaBean(List<Readable> readables) {
        this.readables = List.copyOf(readables);
    }

    /** An attribute: its name, the name of its class, and how to read it. */
    private record Readable(String name, String type, Supplier<Object> value) {}

    static KafkaBean gauge(Supplier<Object> value) {
        return new KafkaBean(List.of(new Readable("Value", "java.lang.Object", value)));
    }

    /** Several values by their names. */
    static KafkaBean values(Map<String, Supplier<Object>> values) {
        List<Readable> readables = new ArrayList<>();
        values.forEach((name, value) -> readables.add(new Readable(name, "java.lang.Object", value)));
        return new KafkaBean(readables);
    }

    static KafkaBean meter(Meter meter, String eventType) {
        return new KafkaBean(List.of(
                new Readable("Count", "long", meter::count),
                new Readable("EventType", "java.lang.String", () -> eventType),
                new Readable("RateUnit", "java.util.concurrent.TimeUnit", () -> TimeUnit.SECONDS),
                new Readable("MeanRate", "double", meter::meanRate),
                new Readable("OneMinuteRate", "double", meter::oneMinuteRate),
                new Readable("FiveMinuteRate", "double", meter::fiveMinuteRate),
                new Readable("FifteenMinuteRate", "double", meter::fifteenMinuteRate)));
    }

    /** Of durations in milliseconds. */
    static KafkaBean histogram(Window window) {
        List<Readable> readables = new ArrayList<>();
        readables.add(new Readable("Count", "long", window::count));
        readables.add(new Readable("Mean", "double", window::meanMs));
        readables.add(new Readable("Min", "double", () -> window.quantileMs(0.0)));
        readables.add(new Readable("Max", "double", () -> window.quantileMs(1.0)));
        percentile(readables, "50thPercentile", window, 0.5);
        percentile(readables, "75thPercentile", window, 0.75);
        percentile(readables, "95thPercentile", window, 0.95);
        percentile(readables, "98thPercentile", window, 0.98);
        percentile(readables, "99thPercentile", window, 0.99);
        percentile(readables, "999thPercentile", window, 0.999);
        return new KafkaBean(readables);
    }

    private static void percentile(List<Readable> readables, String name, Window window, double share) {
        readables.add(new Readable(name, "double", () -> window.quantileMs(share)));
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        for (Readable readable : readables) {
            if (readable.name.equals(name)) {
                return readable.value.get();
            }
        }
        throw new AttributeNotFoundException(name);
    }

    @Override
    public AttributeList getAttributes(String[] names) {
        AttributeList found = new AttributeList();
        for (String name : names) {
            try {
                found.add(new Attribute(name, getAttribute(name)));
            } catch (AttributeNotFoundException e) {
                continue; // what is not there is left out, by contract
            }
        }
        return found;
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " cannot be set");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String action, Object[] parameters, String[] signature) throws ReflectionException {
        throw new ReflectionException(new NoSuchMethodException(action));
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        MBeanAttributeInfo[] infos = readables.stream()
                .map(readable ->
                        new MBeanAttributeInfo(readable.name, readable.type, readable.name, true, false, false))
                .toArray(MBeanAttributeInfo[]::new);
        return new MBeanInfo(KafkaBean.class.getName(), "as Kafka names it", infos, null, null, null);
    }
}
