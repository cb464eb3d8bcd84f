package io.sluice.storage.api;

/**
 * A stretch of a log that cannot be read, with whole batches on both sides of it.
 *
 * @param firstOffset the first offset that is lost
 * @param nextOffset the first offset behind it that can be read
 * @param where the file and the bytes in it, for people
 * @param problem what is wrong there, as a part of a sentence
 */
public record LogDamage(long firstOffset, long nextOffset, String where, String problem) {
    public LogDamage {
        if (firstOffset < 0L || nextOffset <= firstOffset) {
            throw new IllegalArgumentException("no range of offsets: " + firstOffset + " to " + nextOffset);
        }
    }

    public boolean contains(long offset) {
        return offset >= firstOffset && offset < nextOffset;
    }

    /** One sentence without its end. */
    public String describe() {
        return "offsets " + firstOffset + " to " + (nextOffset - 1L) + " are damaged (" + problem + " in " + where
                + ")";
    }
}
