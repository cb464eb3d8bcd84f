/**
 * The Kafka wire protocol, without I/O: readers and writers of the generated messages, record payloads and frames. Nothing here
 * starts a thread or keeps a reference to a caller's buffer beyond what its contract says.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.protocol;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
