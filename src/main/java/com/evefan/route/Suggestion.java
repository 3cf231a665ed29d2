package com.evefan.route;

import java.util.Collection;
import java.util.TreeSet;

/** What was expected in place of a word that is not known. */
final class Suggestion {
    /** Letters that differ, at most, for a word to be taken for a slip. */
    private static final int SLIP = 3;

    private static final int LONGEST_LIST = 240;

    private Suggestion() {}

    /** To be put behind a message: the word that is meant, or all that there are; empty where there are none. */
    static String instead(String word, Collection<String> known) {
        String near = near(word, known);
        if (!near.isEmpty()) {
            return near;
        }
        String all = String.join(", ", new TreeSet<>(known));
        if (all.isEmpty()) {
            return "";
        }
        return "; there are " + (all.length() <= LONGEST_LIST ? all : all.substring(0, LONGEST_LIST) + "…");
    }

    /** To be put behind a message: the word that is meant; empty where none is near. */
    static String near(String word, Collection<String> known) {
        String nearest = "";
        int least = Math.min(SLIP, word.length() / 2) + 1;
        for (String candidate : new TreeSet<>(known)) {
            int distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /** How many letters have to be put in, taken out or changed. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j - 1], row[j]) + 1);
            }
        }
        return row[to.length()];
    }
}
