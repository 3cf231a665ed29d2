package com.evefan.ingest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether Evefan is stopping: then new requests are answered 503, and the readiness probe says so. */
final class Closing extends AbstractHealthCheck {
    private volatile boolean begun;

    Closing() {
        super("evefan", "evefan-running");
    }

    void begin() {
        begun = true;
    }

    /** Whether {@code request} has been answered; its sender finds another Evefan, or this one after its start. */
    boolean answer(HttpServerRequest request) {
        if (begun) {
            request.response()
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Answers.JSON_TYPE)
                    .putHeader(HttpHeaders.CONNECTION, "close")
                    .putHeader("Retry-After", String.valueOf(Answers.RETRY_AFTER_SECONDS))
                    .end(io.vertx.core.buffer.Buffer.buffer(Answers.error("Evefan is stopping")));
        }
        return begun;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (begun) {
            builder.message("Evefan is stopping").down();
        } else {
            builder.up();
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }
}
