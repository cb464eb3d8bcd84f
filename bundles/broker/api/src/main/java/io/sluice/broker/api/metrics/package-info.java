/** What is measured: the kernel's counts, and the seam by which other bundles show theirs. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.broker.api.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
