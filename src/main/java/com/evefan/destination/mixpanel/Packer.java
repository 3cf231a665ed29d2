package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.MixpanelRequest.Item;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Packs calls into as few requests as Mixpanel's bounds allow, in the order of the events. */
final class Packer {
    private final MixpanelSettings settings;
    private final Map<Endpoint, List<Item>> open = new EnumMap<>(Endpoint.class);
    private final Map<Endpoint, Integer> bytes = new EnumMap<>(Endpoint.class);
    private final List<MixpanelRequest> full = new ArrayList<>();

    Packer(MixpanelSettings settings) {
        this.settings = settings;
    }

    /** Adds what the event at index {@code event} asks of an endpoint. */
    void add(int event, Call call) {
        Endpoint endpoint = call.endpoint();
        byte[] json = Json.write(call.body());
        List<Item> items = open.computeIfAbsent(endpoint, e -> new ArrayList<>());
        int size = bytes.getOrDefault(endpoint, 1) + json.length + 1;
        boolean full = items.size() == settings.requestEvents() || size > endpoint.maxBytes(settings);
        if (full && !items.isEmpty()) {
            close(endpoint, items);
            size = json.length + 2;
        }
        items.add(new Item(event, json));
        bytes.put(endpoint, size);
    }

    private void close(Endpoint endpoint, List<Item> items) {
        full.add(new MixpanelRequest(endpoint, items, settings));
        items.clear();
    }

    /** The requests, endpoint by endpoint. */
    List<MixpanelRequest> requests() {
        open.forEach((endpoint, items) -> {
            if (!items.isEmpty()) {
                close(endpoint, items);
            }
        });
        full.sort((left, right) -> left.endpoint().compareTo(right.endpoint()));
        return full;
    }
}
