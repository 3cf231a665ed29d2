package com.evefan.health;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** One line of the report. */
final class Check extends AbstractHealthCheck {
    private final boolean up;
    private final String message;
    private final boolean readiness;

    Check(String id, boolean up, String message, boolean readiness) {
        super("evefan", id);
        this.up = up;
        this.message = message;
        this.readiness = readiness;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (up) {
            builder.up();
        } else {
            builder.message(message).down();
        }
        if (!message.isEmpty()) {
            builder.detail("message", message);
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    public boolean isReadiness() {
        return readiness;
    }
}
