/** TCP over Apache MINA: one copy in, slices of files out. Exports nothing. */
@NullMarked
package io.sluice.transport.mina;

import org.jspecify.annotations.NullMarked;
