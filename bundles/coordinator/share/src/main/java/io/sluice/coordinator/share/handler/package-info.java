/** The requests about share groups and their state, but for those that move records. */
@NullMarked
package io.sluice.coordinator.share.handler;

import org.jspecify.annotations.NullMarked;
