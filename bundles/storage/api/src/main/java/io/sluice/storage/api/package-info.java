/** The SPI of storage engines, and the log that is the same over all of them: validation, producer state, leader epochs. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.storage.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
