/** The storage engine of files in Kafka's layout: segments, sparse indexes, retention, compaction, recovery. */
@NullMarked
package io.sluice.storage.segment;

import org.jspecify.annotations.NullMarked;
