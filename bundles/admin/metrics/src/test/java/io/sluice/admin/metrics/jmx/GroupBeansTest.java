package io.sluice.admin.metrics.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Time;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups by protocol and state, under the names of Kafka's group coordinator. */
class GroupBeansTest {
    private static final String COORDINATOR = "kafka.server:type=group-coordinator-metrics,";

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final AtomicLong nowMs = new AtomicLong();
    private final AtomicInteger listings = new AtomicInteger();

    @BeforeEach
    void register() {
        GroupBeans groups = new GroupBeans(
                () -> {
                    listings.incrementAndGet();
                    return List.of(
                            new GroupKind("Classic", "Stable"),
                            new GroupKind("Classic", "Empty"),
                            new GroupKind("Classic", "Stable"),
                            new GroupKind("Consumer", "Stable"),
                            new GroupKind("Share", "Empty"),
                            new GroupKind("Streams", "NotReady"));
                },
                new Time() {
                    @Override
                    public long milliseconds() {
                        return nowMs.get();
                    }

                    @Override
                    public long nanoseconds() {
                        return nowMs.get() * 1_000_000L;
                    }
                });
        BeanSet beans = new BeanSet(server);
        beans.begin(0.0);
        groups.offerTo(beans);
        beans.end();
    }

    private Object read(String name, String attribute) throws Exception {
        return server.getAttribute(new ObjectName(name), attribute);
    }

    @Test
    void shouldCountGroupsByProtocol() throws Exception {
        assertThat(read(COORDINATOR + "protocol=classic", "group-count")).isEqualTo(3L);
        assertThat(read(COORDINATOR + "protocol=consumer", "group-count")).isEqualTo(1L);
        assertThat(read(COORDINATOR + "protocol=share", "group-count")).isEqualTo(1L);
        assertThat(read(COORDINATOR + "protocol=streams", "group-count")).isEqualTo(1L);
    }

    @Test
    void shouldCountGroupsByState() throws Exception {
        assertThat(read(COORDINATOR + "state=Stable", "classic-group-count")).isEqualTo(2L);
        assertThat(read(COORDINATOR + "state=Stable", "consumer-group-count")).isEqualTo(1L);
        assertThat(read(COORDINATOR + "state=Empty", "share-group-count")).isEqualTo(1L);
        assertThat(read(COORDINATOR + "state=NotReady", "streams-group-count")).isEqualTo(1L);
        assertThat(read(COORDINATOR + "state=Dead", "streams-group-count")).isEqualTo(0L);
    }

    @Test
    void shouldCountClassicGroupsAsTheyWereCountedBefore() throws Exception {
        String groups = "kafka.coordinator.group:type=GroupMetadataManager,name=NumGroups";
        assertThat(read(groups, "Value")).isEqualTo(3L);
        assertThat(read(groups + "Stable", "Value")).isEqualTo(2L);
        assertThat(read(groups + "PreparingRebalance", "Value")).isEqualTo(0L);
    }

    @Test
    void shouldListOnceForWhoeverReadsAll() throws Exception {
        shouldCountGroupsByProtocol();
        shouldCountGroupsByState();
        assertThat(listings).hasValue(1);

        nowMs.addAndGet(1_000L);
        shouldCountGroupsByProtocol();

        assertThat(listings).hasValue(2);
    }
}
