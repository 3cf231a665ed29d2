package com.evefan.destination.mixpanel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request to one endpoint: a JSON list. The same elements give the same bytes. */
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
        int length = items.size() + 1;
        for (Item item : items) {
            length += item.json().length;
        }
        byte[] list = new byte[length];
        int position = 0;
        for (Item item : items) {
            list[position++] = (byte) (position == 1 ? '[' : ',');
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
}
