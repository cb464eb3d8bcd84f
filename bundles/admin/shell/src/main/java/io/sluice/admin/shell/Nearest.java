package io.sluice.admin.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what somebody may have meant: the names with the smallest edit distance. */
final class Nearest {
    private static final int SUGGESTIONS_MAX = 3;

    private Nearest() {}

    /** At most three names that are close to a word, the closest first; empty when none is. */
    static List<String> to(String word, Collection<String> names) {
        int limit = Math.max(2, word.length() / 3);
        record Scored(String name, int distance) {}
        List<Scored> close = new ArrayList<>();
        for (String name : names) {
            boolean begun = word.length() > 1 && name.startsWith(word);
            int distance = begun ? 0 : distance(word, name);
            if (distance <= limit) {
                close.add(new Scored(name, distance));
            }
        }
        close.sort(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name));
        return close.stream().limit(SUGGESTIONS_MAX).map(Scored::name).toList();
    }

    /** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
    static int distance(String a, String b) {
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            steps[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            steps[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int replaced = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int best = Math.min(replaced, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, steps[i - 2][j - 2] + 1);
                }
                steps[i][j] = best;
            }
        }
        return steps[a.length()][b.length()];
    }
}
