package io.sluice.admin.metrics.jmx;

import io.sluice.base.Time;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.broker.api.Partitions;
import io.sluice.broker.api.metrics.ApiTraffic;
import io.sluice.broker.api.metrics.BrokerMetrics;
import io.sluice.broker.api.metrics.CoordinatorLoads;
import io.sluice.broker.api.metrics.TopicTraffic;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.ApiKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import javax.management.MBeanServer;

/**
 * What Kafka shows by JMX, of that what there is here: topics, requests, partitions, logs, the controller, coordinators. Refreshed every {@link Meter#TICK_SECONDS} seconds,
 * which also is what rates are made of. Any thread; one refresh at a time.
 */
public final class KafkaBeans implements AutoCloseable {
    /** How often {@link #refresh} is to be called. */
    public static final long REFRESH_MS = Meter.TICK_SECONDS * 1_000L;

    private static final String TOPICS = "kafka.server:type=BrokerTopicMetrics,name=";
    private static final String REPLICAS = "kafka.server:type=ReplicaManager,name=";
    private static final String CONTROLLER = "kafka.controller:type=KafkaController,name=";
    private static final String REQUESTS = "kafka.network:type=RequestMetrics,name=";
    private static final int RUNNING = 3;

    private final BrokerMetrics metrics;
    private final Partitions partitions;
    private final MetadataSource metadata;
    private final Collection<CoordinatorLoads> loads;
    private final Choice choice;
    private final int nodeId;
    private final Time time;
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

    public KafkaBeans(
            BrokerMetrics metrics,
            Partitions partitions,
            MetadataSource metadata,
            Collection<CoordinatorLoads> loads,
            Choice choice,
            int nodeId,
            Time time,
            MBeanServer server) {
        this.metrics = metrics;
        this.partitions = partitions;
        this.metadata = metadata;
        this.loads = loads;
        this.choice = choice;
        this.nodeId = nodeId;
        this.time = time;
        this.beans = new BeanSet(server);
        this.lastNanos = time.nanoseconds();
    }

    /** Registers what is new, unregisters what is gone, and moves rates on. */
    public synchronized void refresh() {
        if (closed) {
            return;
        }
        long now = time.nanoseconds();
        beans.begin((now - lastNanos) / 1e9);
        lastNanos = now;
        Predicate<String> shown = choice.topics();
        traffic("", metrics.total(), false);
        Set<String> topics = new HashSet<>();
        for (TopicTraffic topic : metrics.topics()) {
            topics.add(topic.topic());
            if (shown.test(topic.topic())) {
                traffic(",topic=" + topic.topic(), topic, begun && !known.contains(topic.topic()));
            }
        }
        known = topics;
        metrics.apis().forEach(this::requests);
        replicas();
        logs(shown);
        controller();
        loads.forEach(this::coordinator);
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
        if (traffic.api() == ApiKey.FETCH || traffic.api() == ApiKey.PRODUCE) {
            beans.gauge(
                    "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation="
                            + traffic.api().apiName(),
                    () -> parked(traffic.api()));
        }
    }

    private Object parked(ApiKey api) {
        return metrics.apis().stream()
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

    private void replicas() {
        beans.gauge(REPLICAS + "PartitionCount", () -> partitions.statuses().size());
        beans.gauge(REPLICAS + "LeaderCount", () -> count(partition -> partition.leader() == nodeId));
        beans.gauge(
                REPLICAS + "UnderReplicatedPartitions",
                () -> count(partition -> partition.leader() >= 0
                        && partition.inSyncReplicas().size()
                                < partition.replicas().size()));
        beans.gauge(REPLICAS + "OfflineReplicaCount", () -> (int) partitions.statuses().stream()
                .filter(status -> status.standing() == PartitionStanding.OFFLINE)
                .count());
        beans.gauge(
                "kafka.log:type=LogManager,name=OfflineLogDirectoryCount",
                () -> (int) partitions.logDirectories().stream()
                        .filter(directory -> directory.failure() != null)
                        .count());
        beans.gauge("kafka.server:type=KafkaServer,name=BrokerState", () -> RUNNING);
    }

    private void logs(Predicate<String> shown) {
        List<PartitionStatus> own = partitions.statuses().stream()
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
                    PartitionStatus status = partitions.status(partition);
                    return status == null ? -1L : value.applyAsLong(status);
                });
    }

    private void controller() {
        beans.gauge(CONTROLLER + "ActiveControllerCount", () -> 1);
        beans.gauge(CONTROLLER + "OfflinePartitionsCount", () -> count(partition -> partition.leader() < 0));
        beans.gauge(CONTROLLER + "GlobalPartitionCount", () -> count(partition -> true));
        beans.gauge(CONTROLLER + "GlobalTopicCount", () -> (int) topics().count());
        beans.gauge(
                CONTROLLER + "PreferredReplicaImbalanceCount",
                () -> count(partition -> !partition.replicas().isEmpty()
                        && partition.leader() != partition.replicas().get(0)));
    }

    /** What is asked of a coordinator that was replaced is asked of whom is there now. */
    private void coordinator(CoordinatorLoads one) {
        String coordinator = one.coordinator();
        beans.readings(
                "kafka.server:type=" + coordinator + "-coordinator-metrics",
                Map.of(
                        "partition-load-time-max",
                        () -> loadTime(coordinator, CoordinatorLoads::longestLoadMs),
                        "partition-load-time-avg",
                        () -> loadTime(coordinator, CoordinatorLoads::averageLoadMs)));
    }

    private Object loadTime(String coordinator, ToDoubleFunction<CoordinatorLoads> which) {
        return loads.stream()
                .filter(one -> one.coordinator().equals(coordinator))
                .mapToDouble(which)
                .findFirst()
                .orElse(Double.NaN);
    }

    private Stream<TopicImage> topics() {
        return metadata.image().topics().stream();
    }

    private Object count(Predicate<PartitionImage> which) {
        return (int) topics().flatMap(topic -> topic.partitions().stream())
                .filter(which)
                .count();
    }

    /** Takes all of them out. */
    @Override
    public synchronized void close() {
        closed = true;
        beans.clear();
    }
}
