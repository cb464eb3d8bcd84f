package io.sluice.broker.api;

import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import java.nio.ByteBuffer;

/**
 * Batches for one partition.
 *
 * @param topicId {@link Uuid#ZERO} when the client named the topic only
 * @param batches borrowed until the call returns; offsets and epochs are written into it
 */
public record AppendEntry(TopicPartition partition, Uuid topicId, ByteBuffer batches) {}
