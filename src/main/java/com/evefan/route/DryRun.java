package com.evefan.route;

import com.evefan.counters.Secrets;
import com.evefan.delivery.Destinations;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.TypeConverters;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.SetBodyDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** Runs the delivery routes of destinations with every endpoint replaced by one that only notes what it is given. */
public final class DryRun implements AutoCloseable {
    private final DefaultCamelContext camel;
    private final ProducerTemplate template;
    private final List<Sent> notes;
    private String stoppedBy = "";

    /**
     * What an endpoint was given.
     *
     * @param to the endpoint, without secrets; where a bean writes by itself, or the delivery fails, empty
     */
    public record Sent(String to, Map<String, String> headers, String body) {
        public Sent {
            headers = Collections.unmodifiableMap(new TreeMap<>(headers));
        }

        static Sent text(String text) {
            return new Sent("", Map.of(), text);
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(to);
            headers.forEach(
                    (name, value) -> text.append("\n").append(name).append(": ").append(value));
            return to.isEmpty() ? body : text.append("\n\n").append(body).toString();
        }
    }

    /**
     * What became of an event.
     *
     * @param sent empty where the destination's own steps leave the event out
     * @param stoppedBy the id of the step that left it out; empty where none did
     */
    public record Result(List<Sent> sent, String stoppedBy) {
        public Result {
            sent = List.copyOf(sent);
        }
    }

    private DryRun(DefaultCamelContext camel, List<Sent> notes) {
        this.camel = camel;
        this.notes = notes;
        this.template = camel.createProducerTemplate();
    }

    /**
     * @param files the route files
     * @param writers beans that write by themselves, by name: what takes their place and says what they would write
     * @param instead other beans that take the place of those of their name
     * @param converters from batches
     * @throws Exception when a route cannot be loaded
     */
    public static DryRun start(
            BeanRepository beans,
            Properties properties,
            Collection<Path> files,
            Map<String, Function<Event, String>> writers,
            Map<String, Object> instead,
            TypeConverters converters)
            throws Exception {
        List<Sent> notes = new ArrayList<>();
        Map<String, Object> noting = new HashMap<>(instead);
        writers.forEach((name, writer) -> noting.put(name, new Writer(writer, notes)));
        DefaultCamelContext camel = new RouteLoading(new Instead(noting, beans), properties).context();
        camel.getTypeConverterRegistry().addTypeConverters(converters);
        camel.getPropertiesComponent()
                .addPropertiesLookupListener((key, value, otherwise, source) -> Secrets.note(key, value));
        DryRun run = new DryRun(camel, notes);
        camel.getCamelContextExtension().registerEndpointCallback(run::replace);
        camel.getCamelContextExtension().addInterceptStrategy((context, step, target, next) -> run.watch(step, target));
        RouteLoading.startOnly(camel, "direct:");
        camel.start();
        for (Path file : files) {
            RouteFile routes = RouteFile.read(file);
            if (routes.isDestination()
                    || delivers(routes)
                    || !routes.all("routeConfiguration").isEmpty()) {
                PluginHelper.getRoutesLoader(camel).loadRoutes(RouteLoading.resource(camel, file));
            }
        }
        return run;
    }

    /** Whatever folder it lies in. */
    private static boolean delivers(RouteFile routes) {
        return routes.all("route").stream()
                .anyMatch(route -> RouteFile.text(route, "group").equals(Destinations.GROUP));
    }

    private Endpoint replace(String uri, Endpoint endpoint) {
        return uri.startsWith("direct:") ? endpoint : new NotingEndpoint(endpoint, notes::add);
    }

    /** What {@code destination} would be sent for {@code event}. */
    public Result deliver(String destination, Event event) {
        notes.clear();
        stoppedBy = "";
        Exchange answer = template.send(
                "direct:" + destination, exchange -> exchange.getMessage().setBody(EventBatch.of(List.of(event))));
        Exception failure = answer.getException();
        if (failure != null && notes.isEmpty()) {
            notes.add(Sent.text("fails: " + failure.getMessage()));
        }
        return new Result(notes, stoppedBy);
    }

    /** Remembers which step left the event out: that around a {@code stop}, or one that made nothing of the batch. */
    private Processor watch(NamedNode step, Processor processor) {
        boolean stops = step instanceof StopDefinition;
        if (!stops && !(step instanceof SetBodyDefinition) && !(step instanceof SplitDefinition)) {
            return processor;
        }
        String name = String.valueOf(stops ? step.getParent().getId() : step.getId());
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, done -> {
                    if (exchange.isRouteStop() && stoppedBy.isEmpty()) {
                        stoppedBy = name;
                    }
                    callback.done(done);
                });
            }
        };
    }

    @Override
    public void close() throws IOException {
        camel.close();
    }

    /** Takes the place of a bean whose {@code write} takes a batch. */
    public static final class Writer {
        private final Function<Event, String> describe;
        private final List<Sent> notes;

        private Writer(Function<Event, String> describe, List<Sent> notes) {
            this.describe = describe;
            this.notes = notes;
        }

        /** Notes what the bean would write. */
        public void write(EventBatch batch) {
            batch.events().forEach(event -> notes.add(Sent.text(describe.apply(event))));
        }
    }

    /** Beans, some of them by others. */
    private record Instead(Map<String, Object> first, BeanRepository then) implements BeanRepository {
        @Override
        public @Nullable Object lookupByName(String name) {
            return first.containsKey(name) ? first.get(name) : then.lookupByName(name);
        }

        @Override
        public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
            Object bean = first.get(name);
            return type.isInstance(bean) ? type.cast(bean) : then.lookupByNameAndType(name, type);
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return then.findByTypeWithName(type);
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return then.findByType(type);
        }
    }
}
