/** The storage engine {@code sample}: each partition's batches in one file. Exports nothing. */
@NullMarked
package org.example.storage;

import org.jspecify.annotations.NullMarked;
