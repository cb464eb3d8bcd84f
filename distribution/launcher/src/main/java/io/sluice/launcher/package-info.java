/** Starts a broker in the foreground, and runs commands in one that is running. */
@NullMarked
package io.sluice.launcher;

import org.jspecify.annotations.NullMarked;
