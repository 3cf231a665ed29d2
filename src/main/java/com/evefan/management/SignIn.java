package com.evefan.management;

import com.evefan.admin.Administration;
import com.evefan.management.Tokens.Holder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code /v1/session}: signs a browser in, says who it is, and signs it out. On the event loop: it waits for nothing. */
final class SignIn {
    static final String PATH = "/v1/session";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_BYTES = 4_096;
    /** Before a wrong token is answered. */
    private static final long DELAY_MS = 1_000;

    private final ManagementSettings settings;
    private final Tokens tokens;
    private final Guesses guesses;
    private final Sessions sessions;

    SignIn(ManagementSettings settings, Tokens tokens, Guesses guesses, Sessions sessions) {
        this.settings = settings;
        this.tokens = tokens;
        this.guesses = guesses;
        this.sessions = sessions;
    }

    void serve(Router router) {
        router.post(PATH)
                .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
                .handler(this::signIn);
        router.get(PATH).handler(this::tell);
        router.delete(PATH).handler(routing -> {
            sessions.end(routing.request());
            answer(routing, 200, JSON.createObjectNode().put("signedOut", true));
        });
    }

    private void signIn(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String address = request.remoteAddress().hostAddress();
        String token = token(routing);
        if (token == null) {
            refuse(routing, 400, "the body must be {\"token\": \"...\"}");
        } else if (!guesses.mayTry(address)) {
            request.response().putHeader("Retry-After", "1");
            refuse(routing, 429, "too many wrong tokens from your address; try again in 1 s");
        } else {
            Holder holder = tokens.holderOf(token);
            if (holder == Holder.UNKNOWN) {
                guesses.wrong(address);
                routing.vertx()
                        .setTimer(
                                DELAY_MS,
                                late -> refuse(
                                        routing,
                                        401,
                                        "this is neither the admin's token nor the one for reading"
                                                + " (evefan.admin.token, or admin.token in the data directory)"));
            } else {
                Sessions.Session session = sessions.begin(holder, request);
                answer(routing, 200, told(holder).put("until", session.until().toString()));
            }
        }
    }

    private static @Nullable String token(RoutingContext routing) {
        try {
            byte[] body = routing.body().buffer() == null
                    ? new byte[0]
                    : routing.body().buffer().getBytes();
            JsonNode token = JSON.readTree(body).path("token");
            return token.isTextual() ? token.asText().strip() : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void tell(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        Sessions.Session session = sessions.of(request);
        if (request.getHeader("Authorization") == null && session != null) {
            answer(
                    routing,
                    200,
                    told(session.holder()).put("until", session.until().toString()));
        } else {
            answer(routing, 200, told(Access.isOfReader(request) ? Holder.READER : Holder.ADMIN));
        }
    }

    private ObjectNode told(Holder holder) {
        boolean admin = holder == Holder.ADMIN;
        return JSON.createObjectNode()
                .put("holder", admin ? "admin" : "reader")
                .put("seesContent", admin || settings.readTokenSeesContent());
    }

    private static void refuse(RoutingContext routing, int status, String error) {
        answer(routing, status, JSON.createObjectNode().put("success", false).put("error", error));
    }

    private static void answer(RoutingContext routing, int status, ObjectNode json) {
        if (!routing.response().ended() && !routing.response().closed()) {
            routing.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", Administration.JSON_TYPE)
                    .end(json.toString());
        }
    }
}
