/** Values and seams that every other part shares: no I/O, no threads, no OSGi. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.base;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
