package com.evefan.enrichment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.maxmind.db.Reader;
import io.netty.util.NetUtil;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an address is, as {@code context.location}, by a database in MaxMind's format. */
final class Places implements AutoCloseable {
    private static final int REMEMBERED = 50_000;
    private static final byte[] UNKNOWN = new byte[0];

    private final Reader database;
    private final Recent<byte[]> recent = new Recent<>(REMEMBERED);

    private Places(Reader database) {
        this.database = database;
    }

    /** @throws IllegalArgumentException when {@code path} is no such database */
    static Places open(String path) {
        try {
            return new Places(new Reader(new File(path)));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "evefan.enrichment.location-database cannot be read: " + e.getMessage(), e);
        }
    }

    /** JSON; empty where the place is not known. */
    byte[] of(String ip) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(ip);
        return address == null ? UNKNOWN : recent.get(ip, text -> find(address));
    }

    private byte[] find(byte[] address) {
        try {
            Map<?, ?> found = database.get(InetAddress.getByAddress(address), Map.class);
            return found == null ? UNKNOWN : JsonObjects.bytes(location(found)).orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN; // a damaged entry must not cost the event
        }
    }

    private static ObjectNode location(Map<?, ?> found) {
        ObjectNode location = JsonObjects.create();
        JsonObjects.put(location, "country", text(member(found.get("country"), "iso_code")));
        if (found.get("subdivisions") instanceof List<?> regions && !regions.isEmpty()) {
            JsonObjects.put(location, "region", text(member(regions.get(0), "iso_code")));
        }
        JsonObjects.put(location, "city", text(member(member(found.get("city"), "names"), "en")));
        Object place = found.get("location");
        if (member(place, "latitude") instanceof Double latitude
                && member(place, "longitude") instanceof Double longitude) {
            location.put("latitude", latitude).put("longitude", longitude);
        }
        return location;
    }

    private static @Nullable Object member(@Nullable Object object, String name) {
        return object instanceof Map<?, ?> members ? members.get(name) : null;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text ? text : null;
    }

    @Override
    public void close() throws IOException {
        database.close();
    }
}
