/** Handlers of the APIs that change or describe topics, configurations and log directories; one for each API key. */
@NullMarked
package io.sluice.handlers.admin;

import org.jspecify.annotations.NullMarked;
