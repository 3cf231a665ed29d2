package com.evefan.destination.mixpanel;

import com.evefan.counters.Ledger;
import com.evefan.counters.Outage;
import com.evefan.counters.SafeText;
import com.evefan.delivery.SetUpException;
import com.evefan.event.EventBatch;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spi.ExecutorServiceManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Mixpanel once, beside the start, whether it knows the token, the account and the project: a delivery of no events.
 * Only what an operator has to mend is told; anything else the first delivery will tell.
 */
public final class StartCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StartCheck.class);

    private StartCheck() {}

    /**
     * Begins, and does not wait for the answer.
     *
     * @param ledger the books of the destination, which health reads
     * @return done when the answer is in the books
     */
    public static CompletableFuture<Void> begin(CamelContext context, Ledger ledger) {
        ExecutorServiceManager threads = context.getExecutorServiceManager();
        ExecutorService once = threads.newSingleThreadExecutor(StartCheck.class, "mixpanel-start-check");
        CompletableFuture<Void> told = CompletableFuture.runAsync(() -> tell(ask(context), ledger), once);
        threads.shutdown(once); // with its one task
        return told;
    }

    private static @Nullable Exception ask(CamelContext context) {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.send(
                            "direct:mixpanel", delivery -> delivery.getMessage().setBody(EventBatch.of(List.of())))
                    .getException();
        } catch (Exception e) {
            return e;
        }
    }

    private static void tell(@Nullable Exception failure, Ledger ledger) {
        if (failure instanceof SetUpException) {
            String message = SafeText.of(failure.getMessage(), "set-up error");
            LOG.warn("Mixpanel will take no events: {}", message);
            ledger.failed("set-up error", message, true);
        } else if (failure == null && ledger.outage().filter(Outage::setUp).isPresent()) {
            ledger.worked();
        }
    }
}
