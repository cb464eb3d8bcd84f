/** The commands of the broker: topics, partitions, groups, records, engines, configuration, logs and the doctor. */
@NullMarked
package io.sluice.admin.commands;

import org.jspecify.annotations.NullMarked;
