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

    /** Whether one of the ids stands in {@code text}. */
    public boolean isNamedIn(String text) {
        return userIds.stream().anyMatch(text::contains)
                || anonymousIds.stream().anyMatch(text::contains);
    }

    /** Without the ids: fit for logs. */
    @Override
    public String toString() {
        return "a person with " + userIds.size() + " userIds and " + anonymousIds.size() + " anonymousIds";
    }
}
