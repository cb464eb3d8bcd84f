/** The leader's side of share partitions: which records are out with whom, and what has become of them. */
@NullMarked
package io.sluice.coordinator.share.partition;

import org.jspecify.annotations.NullMarked;
