/** The contract of replication strategies as tests that each of them joins, and a strategy for tests of their users. */
@NullMarked
package io.sluice.replication.kit;

import org.jspecify.annotations.NullMarked;
