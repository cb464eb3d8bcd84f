package io.sluice.coordinator.txn.state;

/**
 * @param abortIntervalMs how often it is looked for transactions whose time is over
 * @param expireIntervalMs how often it is looked for transactional ids that are not in use
 * @param expirationMs after how long without use a transactional id is forgotten
 */
public record TransactionLimits(long abortIntervalMs, long expireIntervalMs, long expirationMs) {}
