package com.evefan.deadletter;

import com.evefan.admin.BadRequestException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant; what is null does not matter.
 *
 * @param reason part of the reason, in any case
 * @param error the class of the error
 * @param event the event's name, or its type where it has none
 * @param messageId the event's id
 * @param since given up at this time or later
 * @param until given up before this time
 */
record Filter(
        @Nullable String reason,
        @Nullable String error,
        @Nullable String event,
        @Nullable String messageId,
        @Nullable Instant since,
        @Nullable Instant until) {
    static final Filter ALL = new Filter(null, null, null, null, null, null);

    /** Reads the parameters of a request. */
    static Filter of(Map<String, Object> parameters) throws BadRequestException {
        return new Filter(
                text(parameters, "reason"),
                text(parameters, "error"),
                text(parameters, "event"),
                text(parameters, "messageId"),
                instant(parameters, "since"),
                instant(parameters, "until"));
    }

    boolean isAll() {
        return equals(ALL);
    }

    boolean matches(DeadLetter letter) {
        return (reason == null || letter.reason().toLowerCase(Locale.ROOT).contains(reason.toLowerCase(Locale.ROOT)))
                && (error == null || letter.error().equals(error))
                && (event == null || letter.eventName().equals(event))
                && (messageId == null || letter.messageId().equals(messageId))
                && (since == null || !letter.lastFailure().isBefore(since))
                && (until == null || letter.lastFailure().isBefore(until));
    }

    private static @Nullable String text(Map<String, Object> parameters, String name) {
        Object value = parameters.get(name);
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    private static @Nullable Instant instant(Map<String, Object> parameters, String name) throws BadRequestException {
        String text = text(parameters, name);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new BadRequestException(400, name + " must be a time such as 2026-11-23T03:00:00Z");
        }
    }
}
