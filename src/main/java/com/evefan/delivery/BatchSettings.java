package com.evefan.delivery;

import com.evefan.event.Consent;
import com.evefan.journal.Place.Room;
import com.evefan.journal.Start;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a destination collects into one batch, over how many lanes it is delivered, where a new destination begins, and which
 * consent it needs. The keys are {@code <name>.batch.*}, {@code <name>.parallel}, {@code <name>.start} and
 * {@code <name>.consent}; those of the destinations that come with Evefan begin with {@code evefan.}, those of the ones that
 * are settings alone with {@code evefan.destination.}.
 *
 * @param maxEvents as many events make a batch full
 * @param maxBytes as many bytes of events as accepted make a batch full
 * @param maxAgeMillis a batch is delivered when its oldest event has waited for so long
 * @param atOnce whether what comes while the destination has had nothing to do for {@code maxAgeMillis} is delivered at
 *     once
 * @param bounded whether no call has more than {@code maxEvents} and {@code maxBytes}, whatever is handed over at once; not of
 *     the destinations that come with Evefan, which keep to their services' limits themselves
 * @param parallel the lanes over which a batch is delivered at once, those of one user in one lane; 1 to 64
 */
public record BatchSettings(
        int maxEvents,
        long maxBytes,
        long maxAgeMillis,
        boolean atOnce,
        boolean bounded,
        int parallel,
        Start start,
        Consent consent) {
    /** One is sent while the next one grows. */
    private static final int BATCHES_IN_HAND = 2;

    private static final long MOST_BYTES = 256L << 20;
    private static final int MOST_LANES = 64;
    private static final long HOUR_MS = 3_600_000;

    /**
     * Those of {@code destination}.
     *
     * @param value the value of a key, or the empty text
     * @throws IllegalArgumentException when a value is wrong; the message names the key
     */
    public static BatchSettings of(String destination, UnaryOperator<String> value) {
        String shipped = "evefan." + destination;
        String set = "evefan.destination." + destination;
        String prefix = !value.apply(shipped + ".batch.max-events").isEmpty()
                ? shipped
                : !value.apply(set + ".type").isEmpty() ? set : destination;
        return new BatchSettings(
                (int) number(prefix + ".batch.max-events", 1, 100_000, 500, value),
                number(prefix + ".batch.max-bytes", 1_024, MOST_BYTES, 1L << 20, value),
                number(prefix + ".batch.max-age-ms", 1, HOUR_MS, 1_000, value),
                atOnce(prefix + ".batch.at-once", value),
                !prefix.equals(shipped),
                (int) number(prefix + ".parallel", 1, MOST_LANES, 1, value),
                start(prefix + ".start", value),
                Consent.of(Stream.of(value.apply(prefix + ".consent").split(","))
                        .map(String::strip)
                        .filter(category -> !category.isEmpty())
                        .toList()));
    }

    private static long number(String key, long least, long most, long otherwise, UnaryOperator<String> value) {
        String text = value.apply(key).strip();
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, with the range
        }
        throw new IllegalArgumentException(
                key + " must be a whole number from " + least + " to " + most + ", was '" + text + "'");
    }

    private static boolean atOnce(String key, UnaryOperator<String> value) {
        String text = value.apply(key).strip();
        return switch (text) {
            case "", "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key + " must be true or false, was '" + text + "'");
        };
    }

    /**
     * Where a new destination begins.
     *
     * @throws IllegalArgumentException when that is no place; the message names {@code key}
     */
    public static Start start(String key, UnaryOperator<String> value) {
        String text = value.apply(key).strip();
        try {
            return switch (text) {
                case "", "end" -> Start.END;
                case "earliest" -> Start.EARLIEST;
                default -> new Start.Since(Instant.parse(text));
            };
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    key + " must be earliest, end or a time such as 2026-11-23T03:00:00Z, was '" + text + "'", e);
        }
    }

    /** How long a destination has nothing to do until it is quiet, in milliseconds; {@link Long#MAX_VALUE} for never. */
    long quietMillis() {
        return atOnce ? maxAgeMillis : Long.MAX_VALUE;
    }

    /** What one call may have. */
    Attempt.Most call() {
        return bounded ? new Attempt.Most(maxEvents, maxBytes) : Attempt.Most.ANY;
    }

    /** What may be handed out and not done. */
    Room room() {
        return new Room((long) BATCHES_IN_HAND * maxEvents, BATCHES_IN_HAND * maxBytes);
    }
}
