package com.evefan.delivery;

import com.evefan.event.EventBatch;
import com.evefan.journal.JournalConstants;
import com.evefan.journal.Place.Tally;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Processor;
import org.apache.camel.support.ExchangeHelper;

/**
 * Who gets a hand-over, and what of it: the recipients of the multicast, and each one's own copy with the events that
 * their {@code integrations} and their consent let through. Bound as {@code fanOut}.
 */
public final class FanOut implements Processor {
    /** The exchange property with the destination's turn that the batch belongs to. */
    static final String TURN = "turn";

    private static final String SHARES = "shares";

    /** What one destination gets. */
    private record Share(Destination destination, EventBatch batch) {}

    private final Destinations destinations;

    public FanOut(Destinations destinations) {
        this.destinations = destinations;
    }

    /** The endpoints of those {@code owed} that the batch has events for; the others are done with it. */
    public Set<String> recipients(
            @Body EventBatch batch,
            @ExchangeProperty(JournalConstants.DESTINATIONS) Set<String> owed,
            Exchange exchange) {
        Map<String, Share> shares = new LinkedHashMap<>();
        for (String name : owed) {
            Destination destination = destinations.of(name);
            EventBatch own = batch.forDestination(name, destination.consent());
            if (own.size() < batch.size()) {
                destination.count(new Tally(0, 0, 0, batch.size() - own.size()));
            }
            if (own.size() == 0) {
                own.acknowledge(name);
            } else {
                shares.put(Destinations.endpoint(name), new Share(destination, own));
            }
        }
        exchange.setProperty(SHARES, shares);
        return shares.keySet();
    }

    /** Makes {@code exchange} the one of the recipient that it is about to be sent to. */
    @Override
    public void process(Exchange exchange) throws Exception {
        Map<?, ?> shares = ExchangeHelper.getMandatoryProperty(exchange, SHARES, Map.class);
        String endpoint = exchange.getProperty(Exchange.TO_ENDPOINT, String.class);
        Share share = (Share) shares.get(endpoint);
        if (share == null) {
            throw new IllegalStateException("no destination has the endpoint " + endpoint);
        }
        exchange.removeProperty(SHARES);
        exchange.setProperty(Destinations.PROPERTY, share.destination().name());
        exchange.setProperty(TURN, share.destination().turn());
        exchange.getMessage().setBody(share.batch());
    }
}
