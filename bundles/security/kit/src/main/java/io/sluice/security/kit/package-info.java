/** The contracts of security parts as tests that each of them joins. */
@NullMarked
package io.sluice.security.kit;

import org.jspecify.annotations.NullMarked;
