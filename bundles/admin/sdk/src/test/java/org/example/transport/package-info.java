/** The transport {@code sample}: TCP with one thread for each listener. Exports nothing. */
@NullMarked
package org.example.transport;

import org.jspecify.annotations.NullMarked;
