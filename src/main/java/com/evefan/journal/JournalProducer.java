package com.evefan.journal;

import com.evefan.event.EventBatch;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultAsyncProducer;

/** Appends the body, an {@link EventBatch}, and leaves it as it is. */
final class JournalProducer extends DefaultAsyncProducer {
    private final JournalEndpoint endpoint;
    private AppendObserver observer = (batch, nanos) -> {};

    JournalProducer(JournalEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
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
        long start = System.nanoTime();
        EventBatch batch = exchange.getMessage().getMandatoryBody(EventBatch.class);
        Executor resumeOn = exchange.getProperty(JournalConstants.RESUME_ON, Executor.class);
        if (resumeOn == null || batch.size() == 0) {
            endpoint.journal().append(batch, Runnable::run).join();
            observer.appended(batch, System.nanoTime() - start);
            callback.done(true);
            return true;
        }
        var unused = endpoint.journal().append(batch, resumeOn).whenComplete((nothing, failure) -> {
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
