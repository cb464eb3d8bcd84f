package io.sluice.coordinator.streams;

import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import java.util.Collection;
import java.util.List;

/** Makes the topics that applications need for themselves. Safe for use from any thread; nothing blocks. */
public interface InternalTopics {
    /** Begins to make topics, but for those that are being made already. */
    void create(List<CreatableTopic> topics);

    /** What went wrong with some of these topics when they were last to be made, in words; empty when nothing did. */
    String failures(Collection<String> topics);
}
