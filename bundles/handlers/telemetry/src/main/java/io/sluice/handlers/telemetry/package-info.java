/** The handlers of the telemetry of clients (KIP-714): what each is asked for, and what it pushes. Exports nothing. */
@NullMarked
package io.sluice.handlers.telemetry;

import org.jspecify.annotations.NullMarked;
