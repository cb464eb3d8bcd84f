/** The metadata image built from Kafka's metadata records, and the records in bytes. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.cluster.api.image;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
