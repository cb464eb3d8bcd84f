package io.sluice.broker.api.metrics;

/**
 * What went into a topic and out of it since the broker started, or since the topic was made. Counted for each batch and each answer, never for a record.
 *
 * @param topic empty for all of them together, those included that are deleted by now
 * @param recordsIn appended, by clients and by the broker itself; those that compaction left out of a batch count
 * @param bytesOut of records, in answers to fetches
 * @param produces appends to a partition that clients asked for
 * @param failedProduces those of them that were refused
 * @param fetches answers for a partition
 * @param failedFetches those of them with an error
 */
public record TopicTraffic(
        String topic,
        long batchesIn,
        long recordsIn,
        long bytesIn,
        long bytesOut,
        long produces,
        long failedProduces,
        long fetches,
        long failedFetches) {}
