package com.evefan.destination.mixpanel;

import com.evefan.destination.mixpanel.EventMapper.Call;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request to one endpoint: a JSON list, which may be empty. The same elements give the same bytes. */
public final class MixpanelRequest {
    private final Endpoint endpoint;
    private final List<Item> items;
    private final MixpanelSettings settings;

    MixpanelRequest(Endpoint endpoint, List<Item> items, MixpanelSettings settings) {
        this.endpoint = endpoint;
        this.items = List.copyOf(items);
        this.settings = settings;
    }

    /**
     * One element of the list.
     *
     * @param event the index of its event in the batch
     * @param json the element
     */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    record Item(int event, byte[] json) {}

    Endpoint endpoint() {
        return endpoint;
    }

    List<Item> items() {
        return items;
    }

    /** The path on Mixpanel's host. */
    public String path() {
        return endpoint.path();
    }

    /** The query string. */
    public String query() {
        return endpoint.query(settings);
    }

    /** The Authorization header; null where the token stands in each element. */
    public @Nullable String authorization() {
        return endpoint == Endpoint.IMPORT ? settings.authorization() : null;
    }

    /** The Content-Encoding header, by which camel-http packs the body; null where the endpoint takes plain JSON only. */
    public @Nullable String encoding() {
        return endpoint.gzip() ? "gzip" : null;
    }

    /** The body before gzip. */
    public byte[] body() {
        int length = Math.max(2, items.size() + 1);
        for (Item item : items) {
            length += item.json().length;
        }
        byte[] list = new byte[length];
        list[0] = '[';
        int position = 1;
        for (Item item : items) {
            if (position > 1) {
                list[position++] = ',';
            }
            System.arraycopy(item.json(), 0, list, position, item.json().length);
            position += item.json().length;
        }
        list[position] = ']';
        return list;
    }

    /** The first or the second half of this request. */
    MixpanelRequest half(boolean first) {
        int middle = items.size() / 2;
        return new MixpanelRequest(
                endpoint, first ? items.subList(0, middle) : items.subList(middle, items.size()), settings);
    }

    /** Where it goes and how much of it there is; free of what is in it. */
    @Override
    public String toString() {
        return endpoint.path() + " (" + items.size() + ")";
    }

    /** Packs calls into as few requests as Mixpanel's bounds allow, in the order of the events. */
    static final class Packer {
        private final MixpanelSettings settings;
        private final Map<Endpoint, List<Item>> open = new EnumMap<>(Endpoint.class);
        private final Map<Endpoint, Integer> bytes = new EnumMap<>(Endpoint.class);
        private final List<MixpanelRequest> full = new ArrayList<>();
        private long all;

        Packer(MixpanelSettings settings) {
            this.settings = settings;
        }

        /** Adds what the event at index {@code event} asks of an endpoint, unless that has it already. */
        void add(int event, Call call, Progress progress) {
            Endpoint endpoint = call.endpoint();
            byte[] json = Json.write(call.body());
            if (!progress.owes(endpoint)) {
                return;
            }
            all += json.length;
            List<Item> items = open.computeIfAbsent(endpoint, e -> new ArrayList<>());
            int size = bytes.getOrDefault(endpoint, 1) + json.length + 1;
            boolean full = items.size() == settings.limits().events() || size > endpoint.maxBytes(settings);
            if (full && !items.isEmpty()) {
                close(endpoint, items);
                size = json.length + 2;
            }
            items.add(new Item(event, json));
            bytes.put(endpoint, size);
        }

        /** The bytes of all that was added. */
        long bytes() {
            return all;
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
}
