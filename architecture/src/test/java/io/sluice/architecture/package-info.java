/** Rules over all bundles together. */
@NullMarked
package io.sluice.architecture;

import org.jspecify.annotations.NullMarked;
