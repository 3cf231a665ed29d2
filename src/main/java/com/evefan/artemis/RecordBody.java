package com.evefan.artemis;

import com.evefan.event.EventCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
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
 * @see RecordEncoding
 */
@SuppressWarnings("ArrayRecordComponent") // handed on by reference, never written to
record RecordBody(int events, long receivedAt, Destinations destinations, byte[] lines) {
    /** Also the user version in the head of each journal file. */
    static final int FORMAT_VERSION = 1;

    static final int CHECKSUM_AT = 1;
    static final int CHECKED_FROM = CHECKSUM_AT + Integer.BYTES;
    /** The size of what stands before the destinations. */
    static final int FIXED = CHECKED_FROM + Integer.BYTES + Long.BYTES;

    /** Whether {@code body} is as it was written. */
    static boolean intact(byte[] body) {
        return body.length > FIXED && ByteBuffer.wrap(body).getInt(CHECKSUM_AT) == checksum(body);
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
