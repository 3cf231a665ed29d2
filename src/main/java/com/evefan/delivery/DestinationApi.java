package com.evefan.delivery;

import com.evefan.admin.Administration;
import com.evefan.admin.ApiException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Message;

/** What an operator does with a destination; bound as {@code destinationApi}. */
public final class DestinationApi {
    private static final JsonMapper JSON = new JsonMapper();

    private final Destinations destinations;

    public DestinationApi(Destinations destinations) {
        this.destinations = destinations;
    }

    /** Tries at once what waits. */
    public byte[] retry(@Header("destination") String name, Exchange exchange)
            throws ApiException, JsonProcessingException {
        owed(name).retryNow();
        return answer("retrying", name, exchange);
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
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Administration.JSON_TYPE);
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(JSON.createObjectNode().put(what, name));
    }
}
