/** The kernel: dispatch, response order, partitions, and the registries of the replaceable parts. Exports nothing. */
@NullMarked
package io.sluice.broker.kernel;

import org.jspecify.annotations.NullMarked;
