/** The storage engine that keeps many small logs in one MapDB store. */
@NullMarked
package io.sluice.storage.mapdb;

import org.jspecify.annotations.NullMarked;
