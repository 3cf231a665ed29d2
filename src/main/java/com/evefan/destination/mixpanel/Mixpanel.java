package com.evefan.destination.mixpanel;

import com.evefan.delivery.PartialDeliveryException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import com.evefan.destination.mixpanel.Answer.Refusal;
import com.evefan.destination.mixpanel.EventMapper.Call;
import com.evefan.destination.mixpanel.EventMapper.Unmappable;
import com.evefan.destination.mixpanel.MixpanelRequest.Packer;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.useragent.UapUserAgents;
import com.evefan.useragent.UserAgents;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The steps of {@code routes/destinations/mixpanel.camel.yaml} that are more than Camel's: bean {@code mixpanel}. */
public final class Mixpanel {
    private static final int USER_AGENTS = 10_000;
    /** The bytes that all requests of a batch may take in memory; what is left is sent after them. */
    private static final int MOST_BYTES = 8 << 20;

    private final MixpanelSettings settings;
    private final EventMapper mapper;
    private final RateLimit rateLimit;
    private final Meters meters;

    /** @param registry takes the counters of requests, of what Mixpanel refuses, and of what is left out */
    public Mixpanel(MixpanelSettings settings, MeterRegistry registry) {
        this(settings, registry, Clock.systemUTC());
    }

    Mixpanel(MixpanelSettings settings, MeterRegistry registry, Clock clock) {
        Mapping mapping = Mapping.shipped();
        UserAgents userAgents = new UapUserAgents(mapping.browserNames(), USER_AGENTS, false);
        this.settings = settings;
        this.meters = new Meters(registry);
        this.mapper = new EventMapper(settings, mapping, userAgents, clock, meters);
        this.rateLimit = new RateLimit(clock, new Random());
    }

    /**
     * The requests that tell Mixpanel of {@code batch}; endpoints that have their part of an event are left out. An empty
     * batch is an empty list of events: it asks whether the credentials are good.
     */
    public MixpanelDelivery prepare(EventBatch batch) {
        if (batch.size() == 0) {
            return new MixpanelDelivery(List.of(), List.of(new MixpanelRequest(Endpoint.IMPORT, List.of(), settings)));
        }
        Packer packer = new Packer(settings);
        List<Progress> events = new ArrayList<>(batch.size());
        for (Event event : batch.events()) {
            events.add(prepare(event, events.size(), packer, packer.bytes() < MOST_BYTES));
        }
        return new MixpanelDelivery(events, packer.requests());
    }

    private Progress prepare(Event event, int index, Packer packer, boolean room) {
        Progress progress = new Progress(event, Set.of());
        if (!room) {
            progress.postpone();
            return progress;
        }
        try {
            JsonNode json = Json.read(event.json());
            progress = new Progress(event, Progress.taken(json));
            for (Call call : mapper.calls(event, json)) {
                packer.add(index, call, progress);
            }
        } catch (Unmappable e) {
            progress.excluded(new Refusal(e.error(), String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            // What a number or a depth does to a library must not cost the rest of the batch.
            progress.excluded(new Refusal("json", "no JSON that can be mapped: " + e.getMessage()));
        }
        return progress;
    }

    /** Mixpanel's answer to the request of {@code delivery} under way. */
    public void answered(MixpanelDelivery delivery, Map<String, Object> headers, @Nullable String body) {
        MixpanelRequest request = delivery.request();
        int status = Integer.parseInt(String.valueOf(headers.getOrDefault("CamelHttpResponseCode", "0")));
        Duration wait = Duration.ZERO;
        if (status == 200) {
            rateLimit.taken();
        } else if (status == 429 || status == 503) {
            wait = rateLimit.refused(String.valueOf(headers.getOrDefault("Retry-After", "")));
        }
        meters.request(request.endpoint(), Integer.toString(status));
        int sent = request.items().size();
        Object location = headers.get("Location");
        Answer answer = Answer.read(
                request.endpoint(),
                sent,
                status,
                body == null ? "" : body,
                location == null ? null : location.toString(),
                wait);
        if (answer instanceof Answer.Partly partly) {
            partly.refused().values().forEach(refusal -> meters.refused(refusal.error()));
        } else if (answer instanceof Answer.Refused refused && sent == 1) {
            meters.refused(refused.refusal().error());
        }
        delivery.answered(answer);
    }

    /** No answer came to the request of {@code delivery} under way: no connection, a broken one, or none in time. */
    public void failed(MixpanelDelivery delivery, Exception cause) {
        meters.request(delivery.request().endpoint(), "none");
        String message = delivery.request() + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage();
        delivery.answered(new Answer.Failed(new RetryableException(message, cause)));
    }

    /** Says how {@code delivery} ended: see {@link MixpanelDelivery#finish()}. */
    public void finish(MixpanelDelivery delivery) throws PartialDeliveryException, RetryableException, SetUpException {
        delivery.finish();
    }
}
