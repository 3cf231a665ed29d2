package com.evefan.route;

import com.evefan.delivery.BatchSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.component.activemq6.ActiveMQComponent;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategySupport;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.Language;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/**
 * Loads route files into a Camel of their own that starts no route and opens no connection, only to see whether Camel
 * takes them.
 */
final class RouteLoading {
    private final BeanRepository beans;
    private final Properties properties;

    /**
     * @param beans what the routes name with {@code ref} and {@code #}
     * @param properties for their placeholders
     */
    RouteLoading(BeanRepository beans, Properties properties) {
        this.beans = beans;
        this.properties = properties;
    }

    /** What Camel says against {@code file}; {@code others} are what it builds on, such as the error handling. */
    List<Problem> check(RouteFile routes, Collection<Path> others) {
        Path file = routes.path();
        try (DefaultCamelContext camel = context()) {
            startOnly(camel, "nothing:");
            // What a producer opens when it starts is not there to be opened.
            camel.getCamelContextExtension().registerEndpointCallback(RouteLoading::withoutProducer);
            camel.start();
            List<Problem> values = Values.check(routes, camel);
            if (!values.isEmpty()) {
                return values; // Camel would say the same with less about where
            }
            List<Problem> limits = limits(routes, camel);
            if (!limits.isEmpty()) {
                return limits;
            }
            List<Resource> resources = new ArrayList<>();
            for (Path other : others) {
                resources.add(resource(camel, other));
            }
            PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
            PluginHelper.getRoutesLoader(camel).loadRoutes(resource(camel, file));
            return HttpOptions.check(routes, camel);
        } catch (Exception e) {
            return List.of(LoadFailure.problem(routes, beans, e));
        }
    }

    private static List<Problem> limits(RouteFile routes, DefaultCamelContext camel) {
        try {
            if (routes.isDestination()) {
                BatchSettings.of(routes.name(), key -> camel.resolvePropertyPlaceholders("{{" + key + ":}}"));
            }
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(new Problem(routes.path(), 0, 0, String.valueOf(e.getMessage())));
        }
    }

    static Resource resource(DefaultCamelContext camel, Path file) {
        return PluginHelper.getResourceLoader(camel)
                .resolveResource("file:" + file.toString().replace('\\', '/'));
    }

    /** A Camel that connects to nothing by itself. */
    DefaultCamelContext context() {
        DefaultRegistry registry = new DefaultRegistry(new Borrowed(beans));
        DefaultCamelContext camel = new DefaultCamelContext(registry);
        camel.setLoadTypeConverters(true);
        camel.setSourceLocationEnabled(true);
        camel.getPropertiesComponent().setInitialProperties(properties);
        camel.getExecutorServiceManager().registerThreadPoolProfile(new ThreadPoolProfile("refused"));
        camel.addComponent("journal", new NowhereComponent());
        camel.addComponent("activemq", new ActiveMQComponent());
        camel.addComponent("management", new PlatformHttpComponent());
        registry.bind("platform-http-engine", PlatformHttpEngine.class, (PlatformHttpEngine) (endpoint, processor) -> {
            throw new IllegalStateException("no route is started here");
        });
        return camel;
    }

    private static Endpoint withoutProducer(String uri, Endpoint endpoint) {
        return uri.startsWith("direct:") ? endpoint : new NotingEndpoint(endpoint, note -> {});
    }

    /** Routes that come from elsewhere than {@code scheme} are made and do not run. */
    static void startOnly(DefaultCamelContext camel, String scheme) {
        camel.getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addModelLifecycleStrategy(new ModelLifecycleStrategySupport() {
                    @Override
                    public void onAddRouteDefinition(RouteDefinition route) {
                        if (!route.getInput().getUri().startsWith(scheme)) {
                            route.setAutoStartup("false");
                        }
                    }
                });
    }

    /** The beans of another Camel, without those that would make this one part of it. */
    private record Borrowed(BeanRepository beans) implements BeanRepository {
        @Override
        public @Nullable Object lookupByName(String name) {
            return beans.lookupByName(name);
        }

        @Override
        public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
            T bean = beans.lookupByNameAndType(name, type);
            return bean instanceof Language ? another(bean) : bean;
        }

        /** A language belongs to one Camel. */
        @SuppressWarnings("unchecked")
        private static <T> T another(T language) {
            try {
                return (T) language.getClass().getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public <T> Map<String, T> findByTypeWithName(Class<T> type) {
            return Map.of();
        }

        @Override
        public <T> Set<T> findByType(Class<T> type) {
            return Set.of();
        }
    }
}
