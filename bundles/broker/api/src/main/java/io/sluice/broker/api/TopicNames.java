package io.sluice.broker.api;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a topic may be called, and which topics are the broker's own. */
public final class TopicNames {
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";
    public static final String TRANSACTION_STATE = "__transaction_state";
    public static final String SHARE_GROUP_STATE = "__share_group_state";
    public static final String CLUSTER_METADATA = "__cluster_metadata";

    /** So that a folder's name, with the partition's number and a suffix, fits the file system. */
    private static final int LENGTH_MAX = 249;

    private static final Set<String> INTERNAL = Set.of(CONSUMER_OFFSETS, TRANSACTION_STATE, SHARE_GROUP_STATE);

    private TopicNames() {}

    public static boolean isValid(String name) {
        return flaw(name) == null;
    }

    /** Whether the topic holds a coordinator's state, and is marked as internal in answers. */
    public static boolean isInternal(@Nullable String name) {
        return name != null && INTERNAL.contains(name);
    }

    /** What is wrong with a name, in words; null when nothing is. */
    public static @Nullable String flaw(String name) {
        if (name.isEmpty()) {
            return "Topic name is invalid: it is empty";
        }
        if (name.equals(".") || name.equals("..")) {
            return "Topic name is invalid: '" + name + "' is not allowed";
        }
        if (name.length() > LENGTH_MAX) {
            return "Topic name is invalid: '" + name + "' is longer than " + LENGTH_MAX + " characters";
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isLegal(name.charAt(i))) {
                return "Topic name is invalid: '" + name
                        + "' has a character other than ASCII letters and digits, '.', '_' and '-'";
            }
        }
        return null;
    }

    private static boolean isLegal(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
