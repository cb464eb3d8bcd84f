/** Replication of one broker: what is written is committed. Exports nothing. */
@NullMarked
package io.sluice.replication.local;

import org.jspecify.annotations.NullMarked;
