package io.sluice.cluster.local;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the metadata log is damaged in a place where a crash cannot have done it. */
final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedLogException(Path file, String what) {
        super("The metadata file " + file + " is damaged (" + what
                + "), so this broker cannot know its topics: restore the file from a backup");
    }
}
