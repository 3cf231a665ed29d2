package com.evefan.destination.mixpanel;

import com.evefan.delivery.SetUpException;
import com.evefan.event.EventBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spi.ExecutorServiceManager;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks Mixpanel once, beside the start, whether it knows the token, the account and the project: a delivery of no events.
 * Only what an operator has to mend is told; anything else the first delivery will tell.
 */
public final class StartCheck {
    private static final String ROUTE = "mixpanel";

    private StartCheck() {}

    /**
     * Begins, and does not wait for the answer; neither does the end of Camel.
     *
     * @param told takes what is wrong with the set-up; null where nothing is
     * @return done when that is told
     */
    public static CompletableFuture<Void> begin(CamelContext context, Consumer<@Nullable SetUpException> told) {
        ExecutorServiceManager threads = context.getExecutorServiceManager();
        ExecutorService once = threads.newSingleThreadExecutor(StartCheck.class, "mixpanel-start-check");
        Exchange question = context.getEndpoint("direct:" + ROUTE).createExchange();
        question.getMessage().setBody(EventBatch.of(List.of()));
        CompletableFuture<Void> done = CompletableFuture.runAsync(() -> tell(ask(context, question), told), once);
        threads.shutdown(once); // with its one task
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                if (!done.isDone()) {
                    stopping.getInflightRepository().remove(question, ROUTE);
                }
            }
        });
        return done;
    }

    private static @Nullable Exception ask(CamelContext context, Exchange question) {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.send("direct:" + ROUTE, question).getException();
        } catch (Exception e) {
            return e;
        }
    }

    private static void tell(@Nullable Exception failure, Consumer<@Nullable SetUpException> told) {
        if (failure instanceof SetUpException setUp) {
            told.accept(setUp);
        } else if (failure == null) {
            told.accept(null);
        }
    }
}
