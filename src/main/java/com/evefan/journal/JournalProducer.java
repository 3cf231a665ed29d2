package com.evefan.journal;

import com.evefan.event.EventBatch;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Appends the body, an {@link EventBatch}, and leaves it as it is. */
final class JournalProducer extends DefaultProducer {
    private final JournalEndpoint endpoint;
    private @Nullable OwingDestinations destinations;
    private AppendObserver observer = (batch, nanos) -> {};

    JournalProducer(JournalEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        destinations = CamelContextHelper.findSingleByType(endpoint.getCamelContext(), OwingDestinations.class);
        if (destinations == null) {
            throw new IllegalStateException("journal: the registry has to have one OwingDestinations");
        }
        AppendObserver found = CamelContextHelper.findSingleByType(endpoint.getCamelContext(), AppendObserver.class);
        observer = found == null ? observer : found;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        OwingDestinations owing = destinations;
        if (owing == null) {
            throw new JournalUnavailableException("the journal's producer is not started");
        }
        long start = System.nanoTime();
        EventBatch batch = exchange.getMessage().getMandatoryBody(EventBatch.class);
        endpoint.journal().append(batch, owing.names());
        observer.appended(batch, System.nanoTime() - start);
    }
}
