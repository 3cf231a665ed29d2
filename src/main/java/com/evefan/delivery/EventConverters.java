package com.evefan.delivery;

import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.evefan.event.ReadResult;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Converter;
import org.apache.camel.TypeConverters;

/** What a batch is made of, and what it turns into where an endpoint takes no batch: lines of JSON. */
public final class EventConverters implements TypeConverters {
    /** What was accepted of a request. */
    @Converter
    public EventBatch toBatch(ReadResult result) {
        return result.accepted();
    }

    /** The events as accepted, one a line. */
    @Converter
    public byte[] toBytes(EventBatch batch) {
        return EventCodec.encode(batch.events());
    }

    @Converter
    public InputStream toInputStream(EventBatch batch) {
        return new ByteArrayInputStream(toBytes(batch));
    }

    @Converter
    public String toText(EventBatch batch) {
        return new String(toBytes(batch), StandardCharsets.UTF_8);
    }
}
