/** The contract of transports as tests that each of them joins. */
@NullMarked
package io.sluice.transport.kit;

import org.jspecify.annotations.NullMarked;
