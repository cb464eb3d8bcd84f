/** The contract of storage engines as tests that each of them joins. */
@NullMarked
package io.sluice.storage.kit;

import org.jspecify.annotations.NullMarked;
