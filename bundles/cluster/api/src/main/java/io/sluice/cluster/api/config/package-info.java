/** The configuration keys of topics and brokers, by Kafka's names, and the rules by which a value is found. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.cluster.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
