package io.sluice.coordinator.share.partition;

/**
 * How much one fetch may take.
 *
 * @param maxRecords a limit that the last batch may pass, unless it is strict
 * @param batchSize into ranges of about this many records what is taken is put together
 * @param isStrict whether not one record more may be taken (KIP-1206)
 * @param deliveryCountLimit how often a record is delivered at most
 * @param locksMax how many records from the start offset on may be on their way at once
 */
record AcquisitionLimits(int maxRecords, int batchSize, boolean isStrict, int deliveryCountLimit, int locksMax) {}
