package com.evefan.event;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose events are meant: those with one of these ids, the previousId of an alias included. */
public record Person(Set<String> userIds, Set<String> anonymousIds) {
    public Person {
        userIds = Set.copyOf(userIds);
        anonymousIds = Set.copyOf(anonymousIds);
    }

    /** Whether {@code facts} are of an event of this person. */
    public boolean has(EventFacts facts) {
        return is(userIds, facts.userId())
                || is(anonymousIds, facts.anonymousId())
                || is(userIds, facts.previousId())
                || is(anonymousIds, facts.previousId());
    }

    private static boolean is(Set<String> ids, @Nullable String id) {
        return id != null && ids.contains(id);
    }

    /** Whether one of the ids stands in {@code text}, as a whole: {@code 4} stands neither in {@code 42} nor in {@code a-4}. */
    public boolean isNamedIn(String text) {
        return userIds.stream().anyMatch(id -> isIn(text, id))
                || anonymousIds.stream().anyMatch(id -> isIn(text, id));
    }

    private static boolean isIn(String text, String id) {
        for (int at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
            if (!goesOn(text, at, -1) && !goesOn(text, at + id.length() - 1, 1)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the word with the character at {@code at} has more of it in the direction of {@code step}. */
    private static boolean goesOn(String text, int at, int step) {
        char next = at(text, at + step);
        return Character.isLetterOrDigit(next)
                || next == '_'
                || ("-.@+".indexOf(next) >= 0 && Character.isLetterOrDigit(at(text, at + 2 * step)));
    }

    private static char at(String text, int index) {
        return index < 0 || index >= text.length() ? ' ' : text.charAt(index);
    }

    /** Without the ids: fit for logs. */
    @Override
    public String toString() {
        return "a person with " + userIds.size() + " userIds and " + anonymousIds.size() + " anonymousIds";
    }
}
