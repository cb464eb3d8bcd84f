/** The requests that give records to members of share groups, and take what they say of them. */
@NullMarked
package io.sluice.coordinator.share.fetch;

import org.jspecify.annotations.NullMarked;
