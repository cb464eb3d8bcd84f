/** By which bundles add kinds of groups to the partitions of {@code __consumer_offsets}, and assignors to consumer groups. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.coordinator.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
