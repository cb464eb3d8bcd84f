package io.sluice.replication.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Makes strategies; the service is cheap, and the kernel's registry calls {@link #open} when nothing else holds the role. */
@ConsumerType
public interface ReplicationStrategyFactory {
    ReplicationStrategy open();
}
