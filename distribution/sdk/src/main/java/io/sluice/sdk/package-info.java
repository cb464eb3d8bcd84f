/** Makes the sdk's repository at build time; not part of a running broker. */
@NullMarked
package io.sluice.sdk;

import org.jspecify.annotations.NullMarked;
