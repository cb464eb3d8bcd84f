package io.sluice.admin.shell;

import java.util.Collection;
import java.util.List;

/** Commands that are not ours: Felix's own, reached through Gogo. Any thread. */
interface ForeignCommands {
    /** For as long as there is no Gogo. */
    ForeignCommands NONE = new ForeignCommands() {
        @Override
        public boolean has(String name) {
            return false;
        }

        @Override
        public Collection<String> names() {
            return List.of();
        }

        @Override
        public int run(List<String> words, CommandIo io) {
            throw new IllegalStateException("no foreign commands");
        }
    };

    boolean has(String name);

    Collection<String> names();

    /** @return the exit code */
    int run(List<String> words, CommandIo io);
}
