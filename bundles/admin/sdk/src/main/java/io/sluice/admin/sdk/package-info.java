/** Writes projects for authors of plugins. Exports nothing. */
@NullMarked
package io.sluice.admin.sdk;

import org.jspecify.annotations.NullMarked;
