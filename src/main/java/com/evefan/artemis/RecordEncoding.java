package com.evefan.artemis;

import com.evefan.event.Event;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.core.journal.EncodingSupport;

/**
 * A {@link RecordBody} on its way to the disk. Events go from where they are straight into the buffer that is written:
 * each copy costs as much as the checksum.
 */
final class RecordEncoding implements EncodingSupport {
    private static final byte LINE_END = '\n';

    private final List<Event> events;
    private final byte[] head;
    private final int size;

    /** @param bytes size of the events as accepted; together with their line ends below 2 GB */
    RecordEncoding(List<Event> events, long bytes, Destinations destinations) {
        this.events = events;
        byte[] names = destinations.encoded();
        ByteBuffer first = ByteBuffer.allocate(RecordBody.FIXED + names.length);
        first.put((byte) RecordBody.FORMAT_VERSION).putInt(0).putInt(events.size());
        first.putLong(events.get(0).receivedAt().toEpochMilli()).put(names);
        head = first.array();
        first.putInt(RecordBody.CHECKSUM_AT, checksum());
        size = Math.toIntExact(head.length + bytes + events.size());
    }

    /** As {@link RecordBody} finds it in the whole. */
    private int checksum() {
        CRC32C checksum = new CRC32C();
        checksum.update(head[0]);
        checksum.update(head, RecordBody.CHECKED_FROM, head.length - RecordBody.CHECKED_FROM);
        for (Event event : events) {
            checksum.update(event.json());
            checksum.update(LINE_END);
        }
        return (int) checksum.getValue();
    }

    List<Event> events() {
        return events;
    }

    @Override
    public int getEncodeSize() {
        return size;
    }

    @Override
    public void encode(ActiveMQBuffer buffer) {
        buffer.writeBytes(head);
        for (Event event : events) {
            buffer.writeBytes(event.json());
            buffer.writeByte(LINE_END);
        }
    }

    @Override
    public void decode(ActiveMQBuffer buffer) {
        throw new UnsupportedOperationException("see RecordBody");
    }
}
