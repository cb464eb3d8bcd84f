package io.sluice.cluster.controller;

import org.jspecify.annotations.Nullable;

/** Which names a topic may have. */
final class TopicNames {
    /** With the partition's number and a suffix, a folder's name stays below 255 letters. */
    static final int LENGTH_MAX = 249;

    private TopicNames() {}

    /** @return why the name is not allowed; null when it is */
    static @Nullable String problem(String name) {
        if (name.isEmpty()) {
            return "Topic name is invalid: it is empty";
        }
        if (name.equals(".") || name.equals("..")) {
            return "Topic name is invalid: '" + name + "' is not allowed";
        }
        if (name.length() > LENGTH_MAX) {
            return "Topic name is invalid: it has " + name.length() + " letters, more than " + LENGTH_MAX;
        }
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            boolean legal = (letter >= 'a' && letter <= 'z')
                    || (letter >= 'A' && letter <= 'Z')
                    || (letter >= '0' && letter <= '9')
                    || letter == '.'
                    || letter == '_'
                    || letter == '-';
            if (!legal) {
                return "Topic name is invalid: '" + name
                        + "' has letters other than ASCII letters, digits, '.', '_' and '-'";
            }
        }
        return null;
    }
}
