/** The cluster's metadata: the asynchronous controller, the immutable image, and the SPI of the log beneath. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.cluster.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
