/** The replication strategy {@code sample}: what the leader wrote is committed. Exports nothing. */
@NullMarked
package org.example.replication;

import org.jspecify.annotations.NullMarked;
