package io.sluice.broker.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Told of leadership on a thread of the kernel's that may block; calls do not overlap. */
@ConsumerType
public interface LeadershipListener {
    void elected(int partition, int leaderEpoch);

    void resigned(int partition);
}
