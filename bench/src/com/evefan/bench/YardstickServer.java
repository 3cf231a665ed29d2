package com.evefan.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Properties;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/** The least that can answer the same requests: takes the body and says {@code {"success":true}}. */
final class YardstickServer {
    private static final String ANSWER = "{\"success\":true}";

    private YardstickServer() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.getInteger("yardstick.port");
        if (System.getProperty("yardstick.kind").equals("vertx")) {
            vertx(port);
        } else {
            camel(port);
        }
        System.out.println("The yardstick is running");
        Thread.currentThread().join();
    }

    private static void vertx(int port) throws Exception {
        Buffer answer = Buffer.buffer(ANSWER);
        Vertx.vertx()
                .createHttpServer()
                .requestHandler(request -> answer(request, answer))
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    private static void answer(HttpServerRequest request, Buffer answer) {
        request.body(body -> request.response()
                .putHeader("Content-Type", "application/json")
                .end(answer));
    }

    private static void camel(int port) throws Exception {
        Main main = new Main();
        Properties properties = new Properties();
        properties.setProperty("camel.server.enabled", "true");
        properties.setProperty("camel.server.port", String.valueOf(port));
        properties.setProperty("camel.server.host", "127.0.0.1");
        main.setPropertyPlaceholderLocations("false");
        main.setInitialProperties(properties);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/v1/{call}?httpMethodRestrict=POST")
                        .removeHeaders("*")
                        .setHeader("Content-Type", constant("application/json"))
                        .setBody(constant(ANSWER));
            }
        });
        main.start();
    }
}
