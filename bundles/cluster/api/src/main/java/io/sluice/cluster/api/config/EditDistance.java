package io.sluice.cluster.api.config;

/** The Levenshtein distance: how many letters to insert, delete or replace. */
final class EditDistance {
    /** Longer texts are compared by their beginnings, so that a hostile name costs little. */
    private static final int LENGTH_MAX = 100;

    private EditDistance() {}

    static int between(String left, String right) {
        String a = shortened(left);
        String b = shortened(right);
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swapped = previous;
            previous = current;
            current = swapped;
        }
        return previous[b.length()];
    }

    private static String shortened(String text) {
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX);
    }
}
