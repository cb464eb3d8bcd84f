/** No security: everybody is anonymous and may do everything. Exports nothing. */
@NullMarked
package io.sluice.security.open;

import org.jspecify.annotations.NullMarked;
