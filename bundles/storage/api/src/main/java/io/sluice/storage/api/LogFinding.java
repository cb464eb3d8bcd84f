package io.sluice.storage.api;

/**
 * Something that is wrong with a log.
 *
 * @param offset in the log; -1 when it concerns no offset
 * @param where the file, or which of the two logs; empty when it is the log as a whole
 * @param problem what is wrong, as a part of a sentence
 */
public record LogFinding(long offset, String where, String problem) {}
