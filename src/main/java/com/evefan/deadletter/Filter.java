package com.evefan.deadletter;

import com.evefan.admin.ApiException;
import com.evefan.event.Person;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; what is null does not matter.
 *
 * @param reason part of the reason, in any case
 * @param error the class of the error
 * @param event the event's name, or its type where it has none
 * @param messageId the event's id
 * @param userId of the event
 * @param since given up at this time or later
 * @param until given up before this time
 * @param id of one letter
 * @param group of letters with the same error and reason
 * @param person whose event it is
 */
record Filter(
        @Nullable String reason,
        @Nullable String error,
        @Nullable String event,
        @Nullable String messageId,
        @Nullable String userId,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String id,
        @Nullable String group,
        @Nullable Person person) {
    static final List<String> NAMES =
            List.of("reason", "error", "event", "messageId", "userId", "since", "until", "id", "group");

    static final Filter ALL = new Filter(null, null, null, null, null, null, null, null, null, null);

    /** Those given up before {@code time}. */
    static Filter before(Instant time) {
        return new Filter(null, null, null, null, null, null, time, null, null, null);
    }

    /** Those with an event of {@code person}. */
    static Filter of(Person person) {
        return new Filter(null, null, null, null, null, null, null, null, null, person);
    }

    /** Reads the filters among {@code parameters}. */
    static Filter of(Map<String, String> parameters) throws ApiException {
        return new Filter(
                parameters.get("reason"),
                parameters.get("error"),
                parameters.get("event"),
                parameters.get("messageId"),
                parameters.get("userId"),
                instant(parameters, "since"),
                instant(parameters, "until"),
                parameters.get("id"),
                parameters.get("group"),
                null);
    }

    /**
     * The parameters in the query of a request.
     *
     * @param others that are allowed beside the filters
     * @throws ApiException when there is another one, or one twice, or one without a value: what is misspelt must not mean
     *     all
     */
    static Map<String, String> parameters(@Nullable String query, String... others) throws ApiException {
        List<String> known = new ArrayList<>(NAMES);
        known.addAll(List.of(others));
        Map<String, String> parameters = new TreeMap<>();
        for (String part : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decode(equals < 0 ? part : part.substring(0, equals));
            String value = equals < 0 ? "" : decode(part.substring(equals + 1));
            if (!known.contains(name)) {
                throw new ApiException(400, "there is no filter " + name + "; known are " + String.join(", ", known));
            }
            if (value.isEmpty()) {
                throw new ApiException(400, name + " must have a value");
            }
            if (parameters.put(name, value) != null) {
                throw new ApiException(400, name + " must stand there once");
            }
        }
        return parameters;
    }

    private static String decode(String text) throws ApiException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "the query must be percent-encoded UTF-8");
        }
    }

    boolean isAll() {
        return equals(ALL);
    }

    boolean matches(DeadLetter letter) {
        return (reason == null || letter.reason().toLowerCase(Locale.ROOT).contains(reason.toLowerCase(Locale.ROOT)))
                && (error == null || letter.error().equals(error))
                && (event == null || letter.eventName().equals(event))
                && (messageId == null || letter.messageId().equals(messageId))
                && (userId == null || letter.userId().equals(userId))
                && (since == null || !letter.lastFailure().isBefore(since))
                && (until == null || letter.lastFailure().isBefore(until))
                && (id == null || letter.id().equals(id))
                && (group == null || letter.group().equals(group))
                && (person == null || person.has(letter.facts()));
    }

    private static @Nullable Instant instant(Map<String, String> parameters, String name) throws ApiException {
        String text = parameters.get(name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new ApiException(400, name + " must be a time such as 2026-11-23T03:00:00Z");
        }
    }
}
