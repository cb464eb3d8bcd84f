/** What the kernel offers to handlers, coordinators and the faces of administration. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.broker.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
