/** Record batches of format v2 (magic 2): views into bytes, a builder, and what their fields mean. */
@Export
@Version("1.0.0")
@NullMarked
package io.sluice.protocol.record;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
