package com.evefan.journal.kafka;

import com.evefan.event.Person;
import com.evefan.journal.History;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Refuses: what is kept has one position for each partition, and here a position is one number. A new destination with
 * {@code start} gets the past; any client of Kafka reads the topic.
 */
record KafkaHistory(String topic) implements History {
    private UnsupportedOperationException refusal(String what) {
        return new UnsupportedOperationException(
                what + " while the journal is in Kafka; any client of Kafka reads the topic " + topic);
    }

    @Override
    public Kept kept() {
        throw refusal("what is kept cannot be sent again or looked through");
    }

    @Override
    public long since(Instant time) {
        throw refusal("what is kept cannot be sent again");
    }

    @Override
    public Cursor from(long position) {
        throw refusal("what is kept cannot be sent again");
    }

    @Override
    public List<Found> find(String id, int most) {
        throw refusal("events cannot be found by their messageId");
    }

    @Override
    public void hold(String reader, long position) {}

    @Override
    public void release(String reader) {}

    @Override
    public Erased erase(Person person, boolean dryRun, BooleanSupplier goOn) {
        throw refusal("events cannot be erased");
    }
}
