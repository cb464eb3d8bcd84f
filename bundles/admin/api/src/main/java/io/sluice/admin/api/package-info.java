/** What the faces of administration share: the marker and the contract of shell commands, and of plugins. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.admin.api;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
