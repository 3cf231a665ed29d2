package com.evefan.ingest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Whether Evefan is starting or stopping: then requests are answered 503, as a path without its route would be 404, at
 * which SDKs give up; and the readiness probe says so.
 */
final class Closing extends AbstractHealthCheck {
    /** What it is doing; empty while it takes requests. */
    private volatile String doing = "Evefan is starting";

    private final Refusals refusals;

    Closing(Refusals refusals) {
        super("evefan", "evefan-running");
        this.refusals = refusals;
    }

    void open() {
        doing = "";
    }

    void begin() {
        doing = "Evefan is stopping";
    }

    /** Whether {@code request} has been answered; its sender finds another Evefan, or this one after its start. */
    boolean answer(HttpServerRequest request) {
        String busy = doing;
        if (!busy.isEmpty()) {
            refusals.add(503, "");
            request.response()
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Answers.JSON_TYPE)
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .putHeader("Retry-After", String.valueOf(Answers.RETRY_AFTER_SECONDS))
                    .end(io.vertx.core.buffer.Buffer.buffer(Answers.error(busy)));
        }
        return !busy.isEmpty();
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        String busy = doing;
        if (busy.isEmpty()) {
            builder.up();
        } else {
            builder.message(busy).down();
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }
}
