/** The SPI of transports: frames in, frames out, and a drain that loses nothing. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.transport.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
