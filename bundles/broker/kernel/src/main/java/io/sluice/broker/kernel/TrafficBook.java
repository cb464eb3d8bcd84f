package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.metrics.TopicTraffic;
import io.sluice.protocol.Message;
import io.sluice.protocol.Records;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.ShareFetchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The counters of each topic. Any thread; a count takes no lock. Topics come, go and are added up one at a time, so that the total never falls when a topic is
 * deleted: whoever makes rates of it would take that for a restart.
 */
final class TrafficBook {
    private final Map<String, Entry> byName = new ConcurrentHashMap<>();
    private final Map<Uuid, Entry> byId = new ConcurrentHashMap<>();
    private final TopicCounters deleted = new TopicCounters();

    private record Entry(Uuid id, TopicCounters counters) {}

    /** The counters of a topic, which its partitions keep. */
    synchronized TopicCounters of(Uuid id, String topic) {
        Entry entry = byName.compute(topic, (name, present) -> {
            if (present != null && present.id.equals(id)) {
                return present;
            }
            if (present != null) {
                retire(present);
            }
            return new Entry(id, new TopicCounters());
        });
        byId.put(id, entry);
        return entry.counters;
    }

    /** The topic was deleted; what was counted stays in the total. */
    synchronized void forget(Uuid id, String topic) {
        byName.computeIfPresent(topic, (name, present) -> {
            if (!present.id.equals(id)) {
                return present;
            }
            retire(present);
            return null;
        });
    }

    private void retire(Entry gone) {
        byId.remove(gone.id, gone);
        deleted.add(gone.counters);
    }

    /** Counts what an answer takes to a client. Before it is encoded, for that releases records. */
    void sent(Message answer) {
        if (answer instanceof FetchResponse fetch) {
            for (int i = 0; i < fetch.responses().size(); i++) {
                FetchResponse.FetchableTopicResponse topic = fetch.responses().get(i);
                Entry entry = topic.topicId().isZero() ? byName.get(topic.topic()) : byId.get(topic.topicId());
                for (int j = 0; entry != null && j < topic.partitions().size(); j++) {
                    FetchResponse.PartitionData partition = topic.partitions().get(j);
                    entry.counters.fetched(sizeOf(partition.records()), isError(partition.errorCode()));
                }
            }
        } else if (answer instanceof ShareFetchResponse fetch) {
            for (int i = 0; i < fetch.responses().size(); i++) {
                ShareFetchResponse.ShareFetchableTopicResponse topic =
                        fetch.responses().get(i);
                Entry entry = byId.get(topic.topicId());
                for (int j = 0; entry != null && j < topic.partitions().size(); j++) {
                    ShareFetchResponse.PartitionData partition =
                            topic.partitions().get(j);
                    entry.counters.fetched(sizeOf(partition.records()), isError(partition.errorCode()));
                }
            }
        }
    }

    private static int sizeOf(@Nullable Records records) {
        return records == null ? 0 : records.sizeInBytes();
    }

    private static boolean isError(short code) {
        return code != ErrorCode.NONE.code();
    }

    List<TopicTraffic> topics() {
        List<TopicTraffic> all = new ArrayList<>(byName.size());
        byName.forEach((topic, entry) -> all.add(entry.counters.snapshot(topic)));
        return all;
    }

    synchronized TopicTraffic total() {
        TopicCounters sum = new TopicCounters();
        sum.add(deleted);
        byName.values().forEach(entry -> sum.add(entry.counters));
        return sum.snapshot("");
    }
}
