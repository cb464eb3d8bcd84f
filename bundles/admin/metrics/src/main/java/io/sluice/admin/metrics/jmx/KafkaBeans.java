package io.sluice.admin.metrics.jmx;

import io.sluice.base.TopicPartition;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.CoordinatorLoads;
import io.sluice.broker.api.metrics.TopicTraffic;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.ApiKey;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import javax.management.MBeanServer;

/**
 * What Kafka shows by JMX, of that what there is here: topics, requests, partitions, logs, the controller, coordinators. Refreshed every {@link Meter#TICK_SECONDS} seconds,
 * which also is what rates are made of. Any thread; one refresh at a time.
 */
public final class KafkaBeans implements AutoCloseable {
    /** How often {@link #refresh} is to be called. */
    public static final long REFRESH_MS = Meter.TICK_SECONDS * 1_000L;

    private static final String TOPICS = "kafka.server:type=BrokerTopicMetrics,name=";
    private static final String REQUESTS = "kafka.network:type=RequestMetrics,name=";
    private static final String PURGATORY = "kafka.server:type=DelayedOperationPurgatory,name=";
    private static final Set<ApiKey> PARKING = EnumSet.of(ApiKey.PRODUCE, ApiKey.FETCH, ApiKey.SHARE_FETCH);
    private static final int RUNNING = 3;

    private final Sources sources;
    private final Choice choice;
    private final ClusterBeans cluster;
    private final GroupBeans groups;
    private final CoordinatorBeans coordinators;
    private final BeanSet beans;
    private long lastNanos;
    /** Of the round before. */
    private Set<String> known = Set.of();

    private boolean begun;
    private boolean closed;

    /** Which topics and how many partitions have beans of their own. */
    public interface Choice {
        /** Asked once in each refresh. */
        Predicate<String> topics();

        int partitionsMost();
    }

    /**
     * What is shown.
     *
     * @param loads of the coordinators that there are; may change meanwhile
     * @param groups all of this broker's; may wait for their coordinators
     * @param version of the broker
     */
    public record Sources(
            Broker broker,
            BrokerMetrics metrics,
            Partitions partitions,
            MetadataSource metadata,
            Collection<CoordinatorLoads> loads,
            Supplier<List<GroupKind>> groups,
            String version) {}

    public KafkaBeans(Sources sources, Choice choice, MBeanServer server) {
        this.sources = sources;
        this.choice = choice;
        this.cluster = new ClusterBeans(sources.broker(), sources.partitions(), sources.metadata());
        this.groups = new GroupBeans(sources.groups(), sources.broker().time());
        this.coordinators = new CoordinatorBeans(sources.loads());
        this.beans = new BeanSet(server);
        this.lastNanos = sources.broker().time().nanoseconds();
    }

    /** Registers what is new, unregisters what is gone, and moves rates on. */
    public synchronized void refresh() {
        if (closed) {
            return;
        }
        long now = sources.broker().time().nanoseconds();
        beans.begin((now - lastNanos) / 1e9);
        lastNanos = now;
        Predicate<String> shown = choice.topics();
        traffic("", sources.metrics().total(), false);
        Set<String> topics = new HashSet<>();
        for (TopicTraffic topic : sources.metrics().topics()) {
            topics.add(topic.topic());
            if (shown.test(topic.topic())) {
                traffic(",topic=" + topic.topic(), topic, begun && !known.contains(topic.topic()));
            }
        }
        known = topics;
        sources.metrics().apis().forEach(this::requests);
        cluster.offerTo(beans);
        groups.offerTo(beans);
        coordinators.offerTo(beans);
        logs(shown);
        broker();
        beans.end();
        begun = true;
    }

    private void traffic(String whose, TopicTraffic traffic, boolean fresh) {
        beans.meter(TOPICS + "MessagesInPerSec" + whose, "messages", traffic.recordsIn(), fresh);
        beans.meter(TOPICS + "BytesInPerSec" + whose, "bytes", traffic.bytesIn(), fresh);
        beans.meter(TOPICS + "BytesOutPerSec" + whose, "bytes", traffic.bytesOut(), fresh);
        beans.meter(TOPICS + "TotalProduceRequestsPerSec" + whose, "requests", traffic.produces(), fresh);
        beans.meter(TOPICS + "FailedProduceRequestsPerSec" + whose, "requests", traffic.failedProduces(), fresh);
        beans.meter(TOPICS + "TotalFetchRequestsPerSec" + whose, "requests", traffic.fetches(), fresh);
        beans.meter(TOPICS + "FailedFetchRequestsPerSec" + whose, "requests", traffic.failedFetches(), fresh);
    }

    private void requests(ApiTraffic traffic) {
        requests(traffic.api().apiName(), traffic);
        if (traffic.api() == ApiKey.FETCH) {
            requests("FetchConsumer", traffic);
        }
        if (PARKING.contains(traffic.api())) {
            String operation = ",delayedOperation=" + traffic.api().apiName();
            beans.gauge(PURGATORY + "PurgatorySize" + operation, () -> parked(traffic.api()));
            beans.gauge(PURGATORY + "NumDelayedOperations" + operation, () -> parked(traffic.api()));
        }
    }

    private Object parked(ApiKey api) {
        return sources.metrics().apis().stream()
                .filter(traffic -> traffic.api() == api)
                .mapToLong(ApiTraffic::parked)
                .sum();
    }

    private void requests(String name, ApiTraffic traffic) {
        traffic.byVersion()
                .forEach((version, count) -> beans.meter(
                        REQUESTS + "RequestsPerSec,request=" + name + ",version=" + version, "requests", count, begun));
        traffic.errors()
                .forEach((error, count) -> beans.meter(
                        REQUESTS + "ErrorsPerSec,request=" + name + ",error=" + error.name(),
                        "requests",
                        count,
                        begun));
        beans.histogram(REQUESTS + "TotalTimeMs,request=" + name, traffic.latency());
    }

    private void broker() {
        beans.gauge("kafka.server:type=KafkaServer,name=BrokerState", () -> RUNNING);
        beans.values(
                "kafka.server:type=app-info,id=" + sources.broker().nodeId(),
                Map.of("version", sources::version, "start-time-ms", () -> ManagementFactory.getRuntimeMXBean()
                        .getStartTime()));
    }

    private void logs(Predicate<String> shown) {
        List<PartitionStatus> own = sources.partitions().statuses().stream()
                .filter(status -> shown.test(status.partition().topic()))
                .limit(choice.partitionsMost())
                .toList();
        for (PartitionStatus status : own) {
            TopicPartition partition = status.partition().topicPartition();
            log("Size", partition, PartitionStatus::sizeInBytes);
            log("LogStartOffset", partition, PartitionStatus::logStartOffset);
            log("LogEndOffset", partition, PartitionStatus::logEndOffset);
        }
    }

    private void log(String name, TopicPartition partition, ToLongFunction<PartitionStatus> value) {
        beans.gauge(
                "kafka.log:type=Log,name=" + name + ",topic=" + partition.topic() + ",partition="
                        + partition.partition(),
                () -> {
                    PartitionStatus status = sources.partitions().status(partition);
                    return status == null ? -1L : value.applyAsLong(status);
                });
    }

    /** Takes all of them out. */
    @Override
    public synchronized void close() {
        closed = true;
        cluster.close();
        beans.clear();
    }
}
