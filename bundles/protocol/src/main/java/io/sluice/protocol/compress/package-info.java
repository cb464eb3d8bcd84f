/** The compression codecs of record batches, bounded against input that expands without end. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.protocol.compress;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
