package com.evefan.journal.kafka;

import com.evefan.journal.Place.Tally;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What is saved of a place in one partition: Kafka keeps the offset, and this as text beside it.
 *
 * @param ended what became of the events before the offset
 * @param lost events before it that were deleted or could not be read
 * @param owedUntil the offset up to which a removed destination is owed events; {@link #ALL} where it is not removed
 */
record Saved(Tally ended, long lost, long owedUntil) {
    /** Owed without end. */
    static final long ALL = Long.MAX_VALUE;

    static final Saved NOTHING = new Saved(Tally.NOTHING, 0, ALL);

    private static final String VERSION = "evefan-1";
    private static final int PARTS = 7;

    /** What stands beside {@code offset}; nothing where an operator's tool has written it. */
    static Saved of(OffsetAndMetadata offset) {
        String[] parts = offset.metadata().split(" ", -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION)) {
            return NOTHING;
        }
        try {
            long[] numbers =
                    Arrays.stream(parts).skip(1).mapToLong(Long::parseLong).toArray();
            return new Saved(
                    new Tally(numbers[0], numbers[1], numbers[2], numbers[3]),
                    numbers[4],
                    numbers[5] < 0 ? ALL : numbers[5]);
        } catch (NumberFormatException e) {
            return NOTHING;
        }
    }

    /** Whether Evefan has saved {@code offset}: other consumers may read the topic too, by what name ever. */
    static boolean isOurs(OffsetAndMetadata offset) {
        return offset.metadata().startsWith(VERSION + " ");
    }

    OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(
                offset,
                String.join(
                        " ",
                        VERSION,
                        String.valueOf(ended.delivered()),
                        String.valueOf(ended.rejected()),
                        String.valueOf(ended.dead()),
                        String.valueOf(ended.leftOut()),
                        String.valueOf(lost),
                        String.valueOf(owedUntil == ALL ? -1 : owedUntil)));
    }
}
