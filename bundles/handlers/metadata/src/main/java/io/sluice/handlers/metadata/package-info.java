/** Handlers of the APIs that read metadata and offsets; one for each API key. */
@NullMarked
package io.sluice.handlers.metadata;

import org.jspecify.annotations.NullMarked;
