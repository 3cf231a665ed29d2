package com.evefan.journal;

import com.evefan.event.EventBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultAsyncProducer;

/** Appends the body, an {@link EventBatch}, and leaves it as it is. */
final class JournalProducer extends DefaultAsyncProducer {
    private final JournalEndpoint endpoint;
    private final HandoverListener listener;
    private AppendObserver observer = (batch, nanos) -> {};

    JournalProducer(JournalEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.listener = JournalConsumer.listener(endpoint.getCamelContext());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        AppendObserver found = CamelContextHelper.findSingleByType(endpoint.getCamelContext(), AppendObserver.class);
        observer = found == null ? observer : found;
    }

    private static void await(CompletableFuture<Void> appended) throws Exception {
        try {
            appended.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof JournalUnavailableException cause ? cause : e;
        }
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
        if (!listener.isAnybodyOwed()) {
            throw new JournalUnavailableException("no destination is configured");
        }
        long start = System.nanoTime();
        EventBatch batch = exchange.getMessage().getMandatoryBody(EventBatch.class);
        Executor resumeOn = exchange.getProperty(JournalConstants.RESUME_ON, Executor.class);
        if (resumeOn == null || batch.size() == 0) {
            await(endpoint.journal().append(batch, Runnable::run));
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
