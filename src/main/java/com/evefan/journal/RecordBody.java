package com.evefan.journal;

import com.evefan.event.Event;
import com.evefan.event.EventCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What stands in a journal record: format version, checksum of all the rest, number and arrival of the events, the
 * destinations, then the events as lines. Artemis only compares the length at a record's start with that at its end;
 * the checksum finds what was damaged between. Version and checksum keep their place in every later format.
 *
 * @param events how many
 * @param receivedAt when the first of them arrived, in milliseconds since 1970
 * @param destinations who has to acknowledge them
 * @param lines the events, as {@link EventCodec} writes them
 */
@SuppressWarnings("ArrayRecordComponent") // handed on by reference, never written to
record RecordBody(int events, long receivedAt, Destinations destinations, byte[] lines) {
    /** Also the user version in the head of each journal file. */
    static final int FORMAT_VERSION = 1;

    private static final int CHECKED_FROM = 1 + Integer.BYTES;
    private static final int FIXED = CHECKED_FROM + Integer.BYTES + Long.BYTES;

    static byte[] encode(List<Event> events, Destinations destinations) {
        byte[] names = destinations.encoded();
        byte[] lines = EventCodec.encode(events);
        ByteBuffer body = ByteBuffer.allocate(FIXED + names.length + lines.length);
        body.put((byte) FORMAT_VERSION).putInt(0).putInt(events.size());
        body.putLong(events.get(0).receivedAt().toEpochMilli()).put(names).put(lines);
        body.putInt(1, checksum(body.array()));
        return body.array();
    }

    /** Whether {@code body} is as it was written. */
    static boolean intact(byte[] body) {
        return body.length > FIXED && ByteBuffer.wrap(body).getInt(1) == checksum(body);
    }

    /**
     * What an intact body says.
     *
     * @throws JournalException when another version of Evefan wrote it
     */
    static RecordBody decode(byte[] body) {
        ByteBuffer from = ByteBuffer.wrap(body);
        int version = from.get();
        if (version != FORMAT_VERSION) {
            throw new JournalException("a record has format version " + version + ", this Evefan reads "
                    + FORMAT_VERSION + ": start the Evefan that wrote it");
        }
        from.position(CHECKED_FROM);
        int events = from.getInt();
        long receivedAt = from.getLong();
        Destinations destinations = Destinations.decode(from);
        return new RecordBody(events, receivedAt, destinations, Arrays.copyOfRange(body, from.position(), body.length));
    }

    private static int checksum(byte[] body) {
        CRC32C checksum = new CRC32C();
        checksum.update(body[0]);
        checksum.update(body, CHECKED_FROM, body.length - CHECKED_FROM);
        return (int) checksum.getValue();
    }
}
