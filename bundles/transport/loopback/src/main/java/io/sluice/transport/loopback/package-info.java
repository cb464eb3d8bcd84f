/** A transport within one process, for tests and embedded clients. Exports nothing. */
@NullMarked
package io.sluice.transport.loopback;

import org.jspecify.annotations.NullMarked;
