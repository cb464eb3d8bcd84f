package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;

/**
 * What every role needs.
 *
 * @param scheduler runs openings and closings; its threads are never interrupted
 */
record RoleContext(Scheduler scheduler, Time time, Sabotage sabotage) {}
