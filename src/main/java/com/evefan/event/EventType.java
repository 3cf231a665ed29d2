package com.evefan.event;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The six calls of the Segment spec. */
public enum EventType {
    TRACK,
    IDENTIFY,
    PAGE,
    SCREEN,
    GROUP,
    ALIAS;

    private static final Map<String, EventType> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(EventType::wireName, Function.identity()));

    private final String wireName = name().toLowerCase(java.util.Locale.ROOT);

    /** The name as it stands in an event's {@code type} member, such as {@code track}. */
    public String wireName() {
        return wireName;
    }

    /** The type called {@code name} in an event's {@code type} member; exact, lower case. */
    public static Optional<EventType> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }
}
