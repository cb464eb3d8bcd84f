package io.sluice.storage.api;

import java.io.IOException;

/** What was asked for lies in a damaged range of the log. The rest of the log can be read. */
public final class CorruptRangeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient LogDamage damage;

    public CorruptRangeException(LogDamage damage) {
        super(damage.describe());
        this.damage = damage;
    }

    public LogDamage damage() {
        return damage;
    }
}
