package com.evefan.enrichment;

import com.evefan.event.Enrichment;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Enriches as the settings say. One for all requests; each gets its view of it through {@link #with}. */
public final class ContextEnrichment implements AutoCloseable {
    private static final int MAX_HEADER = 200;
    /** New user agents that one request may have looked at; the events with further ones go in without. */
    static final int MAX_NEW_AGENTS = 20;

    private final EnrichmentSettings settings;
    private final @Nullable Browsers browsers;
    private final @Nullable Places places;

    private ContextEnrichment(EnrichmentSettings settings, @Nullable Browsers browsers, @Nullable Places places) {
        this.settings = settings;
        this.browsers = browsers;
        this.places = places;
    }

    /** @throws IllegalArgumentException when the database cannot be read */
    public static ContextEnrichment open(EnrichmentSettings settings) {
        return open(settings, false);
    }

    /**
     * @param looksForBots whether any source wants to know of robots
     * @throws IllegalArgumentException when the database cannot be read
     */
    public static ContextEnrichment open(EnrichmentSettings settings, boolean looksForBots) {
        return new ContextEnrichment(
                settings,
                settings.userAgent() || looksForBots ? new Browsers() : null,
                settings.database().isEmpty() ? null : Places.open(settings.database()));
    }

    /** The header of a request by name; null where it has none, or where none of its headers are trusted. */
    @FunctionalInterface
    public interface TrustedHeaders {
        @Nullable
        String get(String name);
    }

    /**
     * The enrichment for one request.
     *
     * @param senderIp what the trusted headers speak of
     */
    public Enrichment with(@Nullable String senderIp, TrustedHeaders headers) {
        return with(senderIp, headers, Bots.KEEP);
    }

    /**
     * The enrichment for one request.
     *
     * @param senderIp what the trusted headers speak of
     * @param bots what becomes of the events of robots
     */
    public Enrichment with(@Nullable String senderIp, TrustedHeaders headers, Bots bots) {
        if (settings.addsNothing() && bots == Bots.KEEP) {
            return Enrichment.NONE;
        }
        byte[] told = settings.readsHeaders() ? told(headers) : new byte[0];
        return new OfRequest(senderIp, told, bots);
    }

    private byte[] told(TrustedHeaders headers) {
        ObjectNode location = JsonObjects.create();
        tell(location, "country", settings.countryHeader(), headers);
        tell(location, "region", settings.regionHeader(), headers);
        tell(location, "city", settings.cityHeader(), headers);
        return JsonObjects.bytes(location).orElse(new byte[0]);
    }

    private static void tell(ObjectNode location, String member, String header, TrustedHeaders headers) {
        String value = header.isEmpty() ? null : headers.get(header);
        if (value != null && value.length() <= MAX_HEADER) {
            JsonObjects.put(location, member, value.strip());
        }
    }

    /** Whether it may take more than some microseconds: then not on an event loop. */
    public boolean isSlow() {
        return browsers != null;
    }

    private final class OfRequest implements Enrichment {
        private final @Nullable String senderIp;
        private final byte[] toldLocation;
        private final Bots bots;
        private int newAgents;

        OfRequest(@Nullable String senderIp, byte[] toldLocation, Bots bots) {
            this.bots = bots;
            this.senderIp = senderIp;
            this.toldLocation = toldLocation;
        }

        @Override
        public @Nullable String keptIp(String ip) {
            return settings.ip().kept(ip);
        }

        @Override
        public boolean drops(@Nullable String userAgent) {
            return bots == Bots.DROP && userAgent != null && browser(userAgent).containsKey(Browsers.BOT);
        }

        @Override
        public Map<String, byte[]> additions(@Nullable String ip, @Nullable String userAgent) {
            byte[] location = location(ip);
            Map<String, byte[]> browser = userAgent == null ? Map.of() : added(userAgent);
            if (location.length == 0) {
                return browser;
            }
            Map<String, byte[]> additions = new HashMap<>(browser);
            additions.put("location", location);
            return additions;
        }

        private Map<String, byte[]> added(String userAgent) {
            if (settings.userAgent()) {
                return browser(userAgent);
            }
            byte[] bot = bots == Bots.FLAG ? browser(userAgent).get(Browsers.BOT) : null;
            return bot == null ? Map.of() : Map.of(Browsers.BOT, bot);
        }

        private Map<String, byte[]> browser(String userAgent) {
            Map<String, byte[]> known = browsers == null ? Map.of() : browsers.known(userAgent);
            if (known != null || browsers == null || newAgents == MAX_NEW_AGENTS) {
                return known == null ? Map.of() : known;
            }
            newAgents++;
            return browsers.find(userAgent);
        }

        private byte[] location(@Nullable String ip) {
            if (toldLocation.length > 0 && ip != null && ip.equals(senderIp)) {
                return toldLocation;
            }
            return places == null || ip == null ? new byte[0] : places.of(ip);
        }
    }

    @Override
    public void close() throws Exception {
        if (places != null) {
            places.close();
        }
    }
}
