/** The metadata log of a cluster of one: a plain file that is forced to disk before anything counts. */
@NullMarked
package io.sluice.cluster.local;

import org.jspecify.annotations.NullMarked;
