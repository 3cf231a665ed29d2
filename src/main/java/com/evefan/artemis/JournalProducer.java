package com.evefan.artemis;

import com.evefan.event.EventBatch;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Appends the body, an {@link EventBatch}, and leaves it as it is. */
final class JournalProducer extends DefaultAsyncProducer {
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
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            return append(exchange, callback);
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
    }

    private boolean append(Exchange exchange, AsyncCallback callback) throws Exception {
        OwingDestinations owing = destinations;
        if (owing == null) {
            throw new JournalUnavailableException("the journal's producer is not started");
        }
        long start = System.nanoTime();
        EventBatch batch = exchange.getMessage().getMandatoryBody(EventBatch.class);
        Executor resumeOn = exchange.getProperty(JournalConstants.RESUME_ON, Executor.class);
        if (resumeOn == null || batch.size() == 0) {
            endpoint.journal().append(batch, owing.names());
            observer.appended(batch, System.nanoTime() - start);
            callback.done(true);
            return true;
        }
        var unused = endpoint.journal().submit(batch, owing.names(), resumeOn).whenComplete((nothing, failure) -> {
            if (failure == null) {
                observer.appended(batch, System.nanoTime() - start);
            } else {
                exchange.setException(failure);
            }
            callback.done(false);
        });
        return false;
    }
}
