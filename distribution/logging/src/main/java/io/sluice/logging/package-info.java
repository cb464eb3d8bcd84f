/** Where log lines go. */
@NullMarked
package io.sluice.logging;

import org.jspecify.annotations.NullMarked;
