/** The handler of Produce. Exports nothing. */
@NullMarked
package io.sluice.handlers.produce;

import org.jspecify.annotations.NullMarked;
