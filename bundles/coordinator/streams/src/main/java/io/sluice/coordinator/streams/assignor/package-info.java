/** Who is to do which task. */
@NullMarked
package io.sluice.coordinator.streams.assignor;

import org.jspecify.annotations.NullMarked;
