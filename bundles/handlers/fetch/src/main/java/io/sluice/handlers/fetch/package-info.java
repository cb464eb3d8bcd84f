/** The handler of Fetch with its sessions. Exports nothing. */
@NullMarked
package io.sluice.handlers.fetch;

import org.jspecify.annotations.NullMarked;
