@NullMarked
package io.sluice.itests.container;

import org.jspecify.annotations.NullMarked;
