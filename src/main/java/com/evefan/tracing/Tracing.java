package com.evefan.tracing;

import com.evefan.delivery.DeliveryObserver;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;

/** Sends spans to a collector; made only where one is configured. */
public final class Tracing implements DeliveryObserver, AutoCloseable {
    private static final long STOP_SECONDS = 5;
    private static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("evefan.destination");
    private static final AttributeKey<Long> EVENTS = AttributeKey.longKey("evefan.events");

    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final RequestSpans requests = new RequestSpans();

    private Tracing(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get("evefan");
    }

    /** @param endpoint where spans go by OTLP over HTTP, such as {@code http://collector:4318/v1/traces} */
    public static Tracing to(String endpoint) {
        Resource evefan = Resource.getDefault()
                .merge(Resource.builder().put("service.name", "evefan").build());
        return new Tracing(SdkTracerProvider.builder()
                .setResource(evefan)
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .build())
                        .build())
                .build());
    }

    /** Makes Camel trace the routes of {@code context}, taking over the trace of a sender; before it starts. */
    public void trace(CamelContext context) {
        context.getRegistry().bind("tracer", tracer);
        context.getRegistry()
                .bind("contextPropagators", ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
        new OpenTelemetryTracer().init(context);
    }

    /** The events are on disk; called in the span of their request. */
    public void appended(EventBatch batch) {
        SpanContext request = Span.current().getSpanContext();
        if (request.isValid() && request.isSampled()) {
            requests.remember(batch.events(), request);
        }
    }

    @Override
    public void called(String destination, int events, long nanos) {
        // Camel has a span for it.
    }

    @Override
    public void delivered(String destination, List<Event> events) {
        Map<SpanContext, Long> counts = new HashMap<>();
        for (Event event : events) {
            SpanContext request = requests.of(event);
            if (request != null) {
                counts.merge(request, 1L, Long::sum);
            }
        }
        counts.forEach((request, count) -> tracer.spanBuilder("delivered to " + destination)
                .setParent(Context.root().with(Span.wrap(request)))
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute(DESTINATION, destination)
                .setAttribute(EVENTS, count)
                .addLink(Span.current().getSpanContext())
                .startSpan()
                .end());
    }

    @Override
    public void close() {
        provider.shutdown().join(STOP_SECONDS, TimeUnit.SECONDS);
    }
}
