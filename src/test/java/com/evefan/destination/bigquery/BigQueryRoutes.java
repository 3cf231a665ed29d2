package com.evefan.destination.bigquery;

import com.evefan.destination.bigquery.BigQuerySettings.Request;
import com.evefan.destination.bigquery.BigQuerySettings.Timeouts;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.warehouse.EventViews;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The shipped route {@code bigquery} in a Camel context, in front of a {@link BigQueryServer}. */
final class BigQueryRoutes implements AutoCloseable {
    final BigQueryServer server = new BigQueryServer();
    final List<Duration> pauses = new CopyOnWriteArrayList<>();
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-04-01T12:00:00Z"));
    private final BigQuerySettings settings;
    private final DefaultCamelContext camel = new DefaultCamelContext();
    final BigQueryWriter writer;
    private final ProducerTemplate template;

    BigQueryRoutes() throws Exception {
        this(Request.DEFAULT);
    }

    BigQueryRoutes(Request request) throws Exception {
        this(request, Partitioning.DAY);
    }

    BigQueryRoutes(Request request, Partitioning partitioning) throws Exception {
        this(request, partitioning, EventViews.Limits.NONE);
    }

    BigQueryRoutes(EventViews.Limits views) throws Exception {
        this(Request.DEFAULT, Partitioning.DAY, views);
    }

    private BigQueryRoutes(Request request, Partitioning partitioning, EventViews.Limits views) throws Exception {
        settings = settings(server.endpoint(), request, partitioning, views);
        writer = another();
        Properties properties = new Properties();
        properties.put("evefan.bigquery.enabled", "true");
        camel.getPropertiesComponent().setInitialProperties(properties);
        camel.getRegistry().bind("bigQueryWriter", writer);
        Resource file = ResourceHelper.resolveResource(camel, "file:routes/destinations/bigquery.camel.yaml");
        PluginHelper.getRoutesLoader(camel).loadRoutes(file);
        camel.start();
        template = camel.createProducerTemplate();
    }

    /** As another process would have it. */
    BigQueryWriter another() throws Exception {
        return new BigQueryWriter(
                settings, BigQueryConnection.factory(settings).getDefaultClient(), clock(), duration -> {
                    pauses.add(duration);
                    now.updateAndGet(before -> before.plus(duration));
                });
    }

    static BigQuerySettings settings(
            String endpoint, Request request, Partitioning partitioning, EventViews.Limits views) {
        return new BigQuerySettings(
                "proj",
                "evefan",
                "EU",
                "none",
                endpoint,
                request,
                4,
                partitioning,
                new Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMinutes(15)),
                views);
    }

    Visibility visibility() {
        return writer.visibility();
    }

    /** What the route answers: null when all was delivered. */
    Exception deliver(List<Event> events) {
        try {
            template.sendBody("direct:bigquery", EventBatch.of(events));
            return null;
        } catch (CamelExecutionException e) {
            return (Exception) e.getCause();
        }
    }

    Exception deliver(Event... events) {
        return deliver(List.of(events));
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
    }

    @Override
    public void close() {
        camel.stop();
        writer.close();
        server.close();
    }
}
