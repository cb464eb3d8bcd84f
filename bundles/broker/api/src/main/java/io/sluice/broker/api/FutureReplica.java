package io.sluice.broker.api;

import io.sluice.base.TopicPartition;
import java.nio.file.Path;

/**
 * A partition on its way to another log directory.
 *
 * @param directory where it is to lie
 * @param sizeInBytes of what is there already
 * @param offsetLag how many offsets it is behind
 */
public record FutureReplica(TopicPartition partition, Path directory, long sizeInBytes, long offsetLag) {}
