/** The SPI of request handlers: one Kafka API key and its versions, as a whiteboard service. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.request.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
