package io.sluice.admin.metrics.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.broker.api.metrics.LatencyHistogram;
import java.util.Map;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class KafkaBeansTest {
    private static final String METER = "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,topic=a";
    private static final String GAUGE = "kafka.server:type=ReplicaManager,name=PartitionCount";
    private static final String TIME = "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce";

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final BeanSet beans = new BeanSet(server);

    private Object read(String name, String attribute) throws Exception {
        return server.getAttribute(new ObjectName(name), attribute);
    }

    @Test
    void shouldShowRatesAsKafkaDoes() throws Exception {
        beans.begin(0.0);
        beans.meter(METER, "messages", 100L, false);
        beans.end();
        for (int i = 1; i <= 12; i++) {
            beans.begin(5.0);
            beans.meter(METER, "messages", 100L + i * 50L, false);
            beans.end();
        }
        assertThat(read(METER, "Count")).isEqualTo(700L);
        assertThat((double) read(METER, "OneMinuteRate")).isCloseTo(10.0, within(0.01));
        assertThat((double) read(METER, "FifteenMinuteRate")).isCloseTo(10.0, within(0.01));
        assertThat((double) read(METER, "MeanRate")).isCloseTo(10.0, within(0.01));
        assertThat(read(METER, "EventType")).isEqualTo("messages");
    }

    @Test
    void shouldMakeARateOfWhatBeganSinceTheRoundBefore() throws Exception {
        beans.begin(5.0);
        beans.meter(METER, "messages", 100L, true);
        beans.end();
        assertThat((double) read(METER, "OneMinuteRate")).isEqualTo(20.0);
    }

    @Test
    void shouldLetARateFallWhenNothingComes() throws Exception {
        Meter meter = new Meter();
        meter.tick(0L, 5.0);
        meter.tick(500L, 5.0);
        for (int i = 0; i < 12; i++) {
            meter.tick(500L, 5.0);
        }
        assertThat(meter.oneMinuteRate()).isCloseTo(100.0 / Math.E, within(0.1));
        assertThat(meter.fifteenMinuteRate()).isGreaterThan(90.0);
    }

    @Test
    void shouldShowPercentilesInMilliseconds() throws Exception {
        LatencyHistogram histogram = new LatencyHistogram();
        for (int i = 0; i < 100; i++) {
            histogram.record(10_000_000L);
        }
        beans.begin(5.0);
        beans.histogram(TIME, histogram.snapshot());
        beans.end();
        assertThat(read(TIME, "Count")).isEqualTo(100L);
        assertThat((double) read(TIME, "Mean")).isCloseTo(10.0, within(0.001));
        assertThat((double) read(TIME, "99thPercentile")).isBetween(7.5, 10.0);
        assertThat((double) read(TIME, "999thPercentile")).isBetween(7.5, 10.0);
    }

    @Test
    void shouldForgetOldDurations() {
        Window window = new Window();
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(1_000_000_000L);
        window.tick(histogram.snapshot());
        for (int i = 0; i < 7 * 12; i++) {
            histogram.record(1_000_000L);
            window.tick(histogram.snapshot());
        }
        assertThat(window.quantileMs(1.0)).isLessThanOrEqualTo(1.0);
        assertThat(window.count()).isEqualTo(85L);
    }

    @Test
    void shouldShowAttributesThatHaveNamesOfTheirOwn() throws Exception {
        String name = "kafka.server:type=transaction-coordinator-metrics";
        beans.begin(0.0);
        beans.values(name, Map.of("partition-load-time-max", () -> 12.5, "partition-load-time-avg", () -> 3.0));
        beans.end();

        assertThat(read(name, "partition-load-time-max")).isEqualTo(12.5);
        assertThat(read(name, "partition-load-time-avg")).isEqualTo(3.0);
        beans.begin(5.0);
        beans.end();
        assertThat(server.isRegistered(new ObjectName(name))).isFalse();
    }

    @Test
    void shouldUnregisterWhatIsGone() throws Exception {
        beans.begin(0.0);
        beans.gauge(GAUGE, () -> 3);
        beans.meter(METER, "messages", 1L, false);
        beans.end();
        assertThat(read(GAUGE, "Value")).isEqualTo(3);
        assertThatThrownBy(() -> read(GAUGE, "Count")).isInstanceOf(AttributeNotFoundException.class);
        beans.begin(5.0);
        beans.gauge(GAUGE, () -> 3);
        beans.end();
        assertThat(server.isRegistered(new ObjectName(METER))).isFalse();
        beans.clear();
        assertThat(server.queryNames(new ObjectName("kafka.*:*"), null)).isEmpty();
    }
}
