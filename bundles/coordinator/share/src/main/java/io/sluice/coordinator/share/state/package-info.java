/** The share coordinator: what is known of every share partition, as records of {@code __share_group_state}. */
@NullMarked
package io.sluice.coordinator.share.state;

import org.jspecify.annotations.NullMarked;
