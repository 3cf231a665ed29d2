package com.evefan.destination.bigquery;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.Rejected;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a batch, or of one request of it: what is in neither list is in BigQuery. For one thread. */
final class Outcome {
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<Event> again = new ArrayList<>();
    private @Nullable Failure cause;

    void reject(Rejected event) {
        rejected.add(event);
    }

    void again(List<EncodedRow> rows, Failure why) {
        rows.forEach(row -> again.add(row.event()));
        cause = why.orGraver(cause);
    }

    /** Takes over what became of another request of the batch. */
    void add(Outcome other) {
        rejected.addAll(other.rejected);
        again.addAll(other.again);
        if (other.cause != null) {
            cause = other.cause.orGraver(cause);
        }
    }

    /**
     * Returns when BigQuery has all of {@code size} events, and tells otherwise what became of them.
     *
     * @throws RetryableException or {@link SetUpException} when it took none of them and refused none
     * @throws PartialDeliveryException when it took or refused some
     */
    void report(int size) throws RetryableException, SetUpException, PartialDeliveryException {
        if (rejected.isEmpty() && again.isEmpty()) {
            return;
        }
        Exception why = cause == null ? null : cause.toException();
        if (again.size() == size && why instanceof SetUpException setUp) {
            throw setUp;
        }
        if (again.size() == size && why instanceof RetryableException retryable) {
            throw retryable;
        }
        throw new PartialDeliveryException(rejected, again, why);
    }
}
