/** The SPI of those who want the metrics that clients push (KIP-714), as whiteboard services. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.request.api.telemetry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
