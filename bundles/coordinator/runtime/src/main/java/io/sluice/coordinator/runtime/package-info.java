/**
 * What every coordinator stands on: a deterministic state machine over one partition of its topic, which decides, appends, and answers when
 * the append is committed.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.coordinator.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
