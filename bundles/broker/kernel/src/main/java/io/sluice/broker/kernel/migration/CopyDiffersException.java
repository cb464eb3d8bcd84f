package io.sluice.broker.kernel.migration;

import java.io.IOException;

/** A copy is not what it is a copy of. */
public final class CopyDiffersException extends IOException {
    private static final long serialVersionUID = 1L;

    public CopyDiffersException(String message) {
        super(message);
    }
}
