/** From the OSGi log service to SLF4J. */
@NullMarked
package io.sluice.logbridge;

import org.jspecify.annotations.NullMarked;
