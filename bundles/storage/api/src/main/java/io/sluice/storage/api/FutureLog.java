package io.sluice.storage.api;

import io.sluice.base.TopicIdPartition;
import java.nio.file.Path;

/** A log that is being made in another directory of the same engine, in order to take its partition's place there (KIP-113). */
public record FutureLog(TopicIdPartition partition, Path directory) {}
