package com.evefan.destination.mixpanel;

import com.evefan.delivery.SetUpException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.support.PluginHelper;

/** The shipped route file in a Camel context of its own. */
final class MixpanelRoute implements AutoCloseable {
    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;

    MixpanelRoute(String url, MixpanelSettings settings) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("evefan.mixpanel.enabled", "true");
        properties.setProperty("evefan.mixpanel.base-url", url);
        properties.setProperty("evefan.mixpanel.connect-timeout-ms", "2000");
        properties.setProperty("evefan.mixpanel.response-timeout-ms", "2000");
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getRegistry().bind("mixpanel", new Mixpanel(settings, new SimpleMeterRegistry()));
        // As in application.properties: by itself the client repeats a 429 or 503 once, behind our back.
        context.getComponent("http", HttpComponent.class).setAutomaticRetriesDisabled(true);
        // The shell calls this route and handles what it throws.
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerDefinition());
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(PluginHelper.getResourceLoader(context)
                        .resolveResource("file:routes/destinations/mixpanel.camel.yaml"));
        context.start();
        template = context.createProducerTemplate();
    }

    /** Delivers a batch: how that ended, or null where Mixpanel has everything. */
    Throwable deliver(Event... events) {
        return deliver(List.of(events));
    }

    Throwable deliver(List<Event> events) {
        try {
            template.sendBody("direct:mixpanel", EventBatch.of(events));
            return null;
        } catch (CamelExecutionException e) {
            return e.getCause();
        }
    }

    /** Begins the check of the start. */
    CompletableFuture<Void> startCheck(Consumer<SetUpException> told) {
        return StartCheck.begin(context, told);
    }

    /** Stops, and waits a second at most for what is under way: false where that was not enough. */
    boolean stopsWithinASecond() {
        context.getShutdownStrategy().setTimeout(1);
        close();
        return !context.getShutdownStrategy().isTimeoutOccurred();
    }

    @Override
    public void close() {
        template.stop();
        context.stop();
    }
}
