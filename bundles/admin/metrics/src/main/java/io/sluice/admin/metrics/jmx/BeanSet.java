package io.sluice.admin.metrics.jmx;

import io.sluice.broker.api.metrics.LatencySnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MBeans that are registered. In each round everything that there is is offered; what is new is registered, what was not offered any more is taken out. For one
 * thread at a time.
 */
final class BeanSet {
    private static final Logger LOG = LoggerFactory.getLogger(BeanSet.class);

    private final MBeanServer server;
    private final Map<String, Entry> present = new HashMap<>();
    private final Set<String> offered = new HashSet<>();
    private double elapsedSeconds;

    BeanSet(MBeanServer server) {
        this.server = server;
    }

    /** What is behind a bean that has to be ticked. */
    private record Entry(ObjectName name, Object ticked) {}

    /** @param seconds since the round before */
    void begin(double seconds) {
        elapsedSeconds = seconds;
        offered.clear();
    }

    void gauge(String name, Supplier<Object> value) {
        offered.add(name);
        if (!present.containsKey(name)) {
            register(name, KafkaBean.gauge(value), this);
        }
    }

    void values(String name, Map<String, Supplier<Object>> values) {
        offered.add(name);
        if (!present.containsKey(name)) {
            register(name, KafkaBean.values(values), this);
        }
    }

    /** @param fresh whether all of the total has come since the round before, so that it makes a rate */
    void meter(String name, String eventType, long total, boolean fresh) {
        offered.add(name);
        Entry entry = present.get(name);
        if (entry != null && entry.ticked instanceof Meter meter) {
            meter.tick(total, elapsedSeconds);
            return;
        }
        Meter meter = new Meter();
        if (fresh) {
            meter.tick(0L, elapsedSeconds);
        }
        meter.tick(total, elapsedSeconds);
        register(name, KafkaBean.meter(meter, eventType), meter);
    }

    void histogram(String name, LatencySnapshot snapshot) {
        offered.add(name);
        Entry entry = present.get(name);
        if (entry != null && entry.ticked instanceof Window window) {
            window.tick(snapshot);
            return;
        }
        Window window = new Window();
        window.tick(snapshot);
        register(name, KafkaBean.histogram(window), window);
    }

    private void register(String name, KafkaBean bean, Object ticked) {
        try {
            ObjectName known = new ObjectName(name);
            server.registerMBean(bean, known);
            present.put(name, new Entry(known, ticked));
        } catch (JMException e) {
            LOG.debug(
                    "{} could not be registered", name, e); // somebody else has it, as when two brokers share a process
        }
    }

    void end() {
        for (Iterator<Map.Entry<String, Entry>> it = present.entrySet().iterator(); it.hasNext(); ) {
            Map.Entry<String, Entry> next = it.next();
            if (!offered.contains(next.getKey())) {
                unregister(next.getValue().name);
                it.remove();
            }
        }
    }

    void clear() {
        present.values().forEach(entry -> unregister(entry.name));
        present.clear();
    }

    private void unregister(ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            LOG.debug("{} was gone already", name, e);
        }
    }
}
