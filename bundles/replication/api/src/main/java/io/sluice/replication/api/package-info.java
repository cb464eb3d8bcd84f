/** The SPI of replication strategies: when a write is committed, and who follows whom. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.replication.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
