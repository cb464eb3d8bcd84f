/** The move of a partition from one engine to another, as far as it concerns two logs and what is kept of the plan. */
@NullMarked
package io.sluice.broker.kernel.migration;

import org.jspecify.annotations.NullMarked;
