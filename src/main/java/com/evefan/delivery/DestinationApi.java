package com.evefan.delivery;

import com.evefan.admin.Administration;
import com.evefan.admin.ApiException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** What an operator does with a destination; bound as {@code destinationApi}. */
public final class DestinationApi {
    private static final JsonMapper JSON = new JsonMapper();
    /** For what has come just now. */
    private static final long A_MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Destinations destinations;

    public DestinationApi(Destinations destinations) {
        this.destinations = destinations;
    }

    /** Tries at once what waits, and where {@code wait} says so for how long, tells what came of it. */
    public byte[] retry(@Header("destination") String name, @Header("wait") @Nullable String wait, Exchange exchange)
            throws ApiException, JsonProcessingException, InterruptedException {
        Destination destination = owed(name);
        long seconds = seconds(wait);
        // An attempt that is under way says nothing of what an operator has mended.
        long failed = attempts(destination) + (destination.isTrying() ? 1 : 0);
        var before = destination.counters();
        long delivered = before.place().ended().delivered();
        boolean owes = before.place().pending() > 0;
        destination.retryNow();
        ObjectNode json = JSON.createObjectNode().put("retrying", name);
        if (seconds > 0) {
            String unknown = owes ? "no answer yet" : "nothing waits";
            String outcome = unknown;
            long deadline = System.nanoTime() + (owes ? TimeUnit.SECONDS.toNanos(seconds) : A_MOMENT_NANOS);
            while (outcome.equals(unknown) && System.nanoTime() < deadline) {
                Thread.sleep(50);
                long now = destination.counters().place().ended().delivered();
                if (now > delivered) {
                    outcome = "delivered";
                    json.put("events", now - delivered);
                } else if (attempts(destination) > failed) {
                    outcome = "failed";
                }
            }
            json.put("outcome", outcome);
            var outage = destination.counters().books().outage();
            if (outage != null && !outcome.equals("delivered")) {
                json.put("message", outage.message());
            }
        }
        return answer(json, exchange);
    }

    private static long attempts(Destination destination) {
        var outage = destination.counters().books().outage();
        return outage == null ? 0 : outage.attempts();
    }

    private static long seconds(@Nullable String wait) throws ApiException {
        try {
            long seconds = wait == null ? 0 : Long.parseLong(wait);
            if (wait == null || (seconds >= 1 && seconds <= 30)) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new ApiException(400, "wait must be a number of seconds from 1 to 30, was '" + wait + "'");
    }

    /** Hands it nothing more; it stays owed everything. */
    public byte[] pause(@Header("destination") String name, Exchange exchange)
            throws ApiException, JsonProcessingException {
        owed(name).pause();
        return answer("paused", name, exchange);
    }

    /** Goes on where it was paused. */
    public byte[] resume(@Header("destination") String name, Exchange exchange)
            throws ApiException, JsonProcessingException {
        owed(name).resume();
        return answer("resumed", name, exchange);
    }

    /** Gives up what is owed to a destination whose file is gone. */
    public byte[] forget(@Header("destination") String name, Exchange exchange)
            throws ApiException, JsonProcessingException {
        if (destinations.get(name) == null) {
            throw new ApiException(404, "there is no destination " + name);
        }
        if (!destinations.forget(name)) {
            throw new ApiException(409, name + " is neither removed nor switched off: what it is owed is not given up");
        }
        return answer("forgotten", name, exchange);
    }

    private Destination owed(String name) throws ApiException {
        Destination destination = destinations.get(name);
        if (destination == null || !destination.isOwed()) {
            throw new ApiException(404, "there is no running destination " + name);
        }
        return destination;
    }

    private static byte[] answer(String what, String name, Exchange exchange) throws JsonProcessingException {
        return answer(JSON.createObjectNode().put(what, name), exchange);
    }

    private static byte[] answer(ObjectNode json, Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }
}
