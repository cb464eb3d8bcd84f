package io.sluice.storage.segment;

/** How the last holder of a log directory ended, which decides how much of a log must be read again. */
enum Crash {
    /** It closed everything. */
    NONE,
    /** Only the process ended: what was written is all there, but for a batch that was being written. */
    PROCESS,
    /** The machine may have gone down with it: what was not synced may be damaged. */
    MACHINE
}
