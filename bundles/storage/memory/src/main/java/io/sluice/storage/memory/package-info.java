/** The storage engine that keeps its logs on the heap. */
@NullMarked
package io.sluice.storage.memory;

import org.jspecify.annotations.NullMarked;
