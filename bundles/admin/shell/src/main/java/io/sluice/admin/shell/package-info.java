/** The shell: commands over a Unix socket, one at a time or interactively, and the same commands for Gogo. */
@NullMarked
package io.sluice.admin.shell;

import org.jspecify.annotations.NullMarked;
