package com.evefan.artemis;

import static com.evefan.artemis.TestEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;

import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQBuffer;
import org.apache.activemq.artemis.api.core.ActiveMQBuffers;
import org.junit.jupiter.api.Test;

class RecordEncodingTest {
    private final EventBatch batch = batch("a", "b", "c");
    private final Destinations destinations = Destinations.of(Set.of("postgres", "mixpanel"));

    @Test
    void writesWhatARecordBodyReads() {
        byte[] written = written();

        assertThat(RecordBody.intact(written)).isTrue();
        RecordBody body = RecordBody.decode(written);
        assertThat(body.events()).isEqualTo(3);
        assertThat(body.receivedAt())
                .isEqualTo(batch.events().get(0).receivedAt().toEpochMilli());
        assertThat(body.destinations()).isEqualTo(destinations);
        assertThat(body.lines()).isEqualTo(EventCodec.encode(batch.events()));
    }

    @Test
    void knowsItsSize() {
        RecordEncoding encoding = new RecordEncoding(batch.events(), batch.bytes(), destinations);
        assertThat(written()).hasSize(encoding.getEncodeSize());
    }

    @Test
    void showsEveryWrongByte() {
        byte[] written = written();
        for (int i = 0; i < written.length; i++) {
            byte right = written[i];
            written[i] ^= 1;
            assertThat(RecordBody.intact(written)).as("byte %s", i).isFalse();
            written[i] = right;
        }
    }

    private byte[] written() {
        ActiveMQBuffer buffer = ActiveMQBuffers.dynamicBuffer(64);
        new RecordEncoding(batch.events(), batch.bytes(), destinations).encode(buffer);
        byte[] written = new byte[buffer.readableBytes()];
        buffer.readBytes(written);
        return written;
    }
}
