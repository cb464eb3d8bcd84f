package io.sluice.admin.metrics;

import io.sluice.broker.api.metrics.TopicTraffic;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Chooses which topics and groups are shown by name, as the broker's keys say now: of topics those with the most traffic. Any thread. */
final class ShownNow {
    private final Function<String, String> config;
    private final Supplier<List<TopicTraffic>> topics;
    private final Supplier<List<String>> groups;

    /**
     * @param config the value of a broker's key that has a default
     * @param groups all names, those to be shown rather first
     */
    ShownNow(Function<String, String> config, Supplier<List<TopicTraffic>> topics, Supplier<List<String>> groups) {
        this.config = config;
        this.topics = topics;
        this.groups = groups;
    }

    /** Whether a topic is. */
    Predicate<String> topics() {
        Set<String> shown = busiest(topics.get(), Limit.parse(config.apply("metrics.topics")));
        return shown == null ? topic -> true : shown::contains;
    }

    /** Both; lists the groups. */
    Shown look() {
        Limit ofTopics = Limit.parse(config.apply("metrics.topics"));
        Limit ofGroups = Limit.parse(config.apply("metrics.groups"));
        List<TopicTraffic> traffic = topics.get();
        List<String> names = groups.get();
        return new Shown(
                busiest(traffic, ofTopics),
                ofGroups.covers(names.size())
                        ? null
                        : names.stream().limit(ofGroups.most()).collect(Collectors.toSet()),
                Math.max(0, traffic.size() - ofTopics.most()),
                Math.max(0, names.size() - ofGroups.most()));
    }

    private static @Nullable Set<String> busiest(List<TopicTraffic> traffic, Limit limit) {
        if (limit.covers(traffic.size())) {
            return null;
        }
        return traffic.stream()
                .sorted(Comparator.comparingLong((TopicTraffic topic) -> topic.bytesIn() + topic.bytesOut())
                        .reversed()
                        .thenComparing(TopicTraffic::topic))
                .limit(limit.most())
                .map(TopicTraffic::topic)
                .collect(Collectors.toSet());
    }
}
