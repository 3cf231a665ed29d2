package com.evefan.management;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * Serves Hawtio at {@code /hawtio/} of the management port, from the pages in its jar. Who uses it is decided by
 * {@link Access} before, so Hawtio's own questions about users, proxies and plugins have fixed answers.
 */
public final class HawtioPages {
    private static final String ROOT = "hawtio-static";

    private HawtioPages() {}

    /** Adds the pages to the management server, which has to be running. */
    public static void serve(CamelContext context, int port) {
        Router router = VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        answer(router, "/hawtio/user", "\"operator\"");
        answer(router, "/hawtio/plugin", "[]");
        answer(router, "/hawtio/preset-connections", "[]");
        answer(router, "/hawtio/proxy/enabled", "false");
        answer(router, "/hawtio/keycloak/enabled", "false");
        answer(router, "/hawtio/auth/config", "[]");
        answer(router, "/hawtio/auth/*", "{}");
        router.get("/hawtio").handler(routing -> {
            if (routing.normalizedPath().equals("/hawtio")
                    && !routing.request().path().endsWith("/")) {
                routing.redirect("/hawtio/");
            } else {
                routing.next();
            }
        });
        router.get("/hawtio/*").handler(StaticHandler.create(ROOT));
        // A page that the browser's address names and only Hawtio's script knows.
        router.get("/hawtio/*").handler(routing -> routing.response().sendFile(ROOT + "/index.html"));
    }

    private static void answer(Router router, String path, String json) {
        router.get(path)
                .handler((RoutingContext routing) -> routing.response()
                        .putHeader("Content-Type", "application/json")
                        .end(json));
    }
}
