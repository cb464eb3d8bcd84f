/** The kinds of groups that other bundles bring, in one partition. */
@NullMarked
package io.sluice.coordinator.group.kind;

import org.jspecify.annotations.NullMarked;
