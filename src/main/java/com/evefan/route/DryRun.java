package com.evefan.route;

import com.evefan.delivery.Destinations;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.TypeConverters;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.jspecify.annotations.Nullable;

/** Runs the delivery routes of destinations with every endpoint replaced by one that only notes what it is given. */
public final class DryRun implements AutoCloseable {
    private final DefaultCamelContext camel;
    private final ProducerTemplate template;
    private final List<String> notes;
    private String stoppedBy = "";

    /**
     * What became of an event.
     *
     * @param sent empty where the destination's own steps leave the event out
     * @param stoppedBy the id of the step that left it out; empty where none did
     */
    public record Result(List<String> sent, String stoppedBy) {
        public Result {
            sent = List.copyOf(sent);
        }
    }

    private DryRun(DefaultCamelContext camel, List<String> notes) {
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
        List<String> notes = new ArrayList<>();
        Map<String, Object> noting = new HashMap<>(instead);
        writers.forEach((name, writer) -> noting.put(name, new Writer(writer, notes)));
        DefaultCamelContext camel = new RouteLoading(new Instead(noting, beans), properties).context();
        camel.getTypeConverterRegistry().addTypeConverters(converters);
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
            notes.add("fails: " + failure.getMessage());
        }
        return new Result(notes, stoppedBy);
    }

    /** Remembers whose stop was called. */
    private Processor watch(NamedNode step, Processor processor) {
        if (!(step instanceof StopDefinition stop)) {
            return processor;
        }
        String name = String.valueOf(stop.getParent().getId());
        return new DelegateAsyncProcessor(processor) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                stoppedBy = name;
                return super.process(exchange, callback);
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
        private final List<String> notes;

        private Writer(Function<Event, String> describe, List<String> notes) {
            this.describe = describe;
            this.notes = notes;
        }

        /** Notes what the bean would write. */
        public void write(EventBatch batch) {
            batch.events().forEach(event -> notes.add(describe.apply(event)));
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
