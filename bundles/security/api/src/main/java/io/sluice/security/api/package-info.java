/** The SPI of security parts: who a peer is, and what it may do. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.security.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
