package com.evefan.enrichment;

/**
 * What is added to events.
 *
 * @param ip what is kept of addresses
 * @param userAgent whether {@code context.browser}, {@code os}, {@code device} and {@code bot} are made of
 *     {@code context.userAgent}
 * @param database path of a MaxMind database (MMDB) that gives {@code context.location}; empty for none
 * @param countryHeader header of a trusted proxy that holds the sender's country; empty for none
 * @param regionHeader the same for the region
 * @param cityHeader the same for the city
 */
public record EnrichmentSettings(
        IpMode ip, boolean userAgent, String database, String countryHeader, String regionHeader, String cityHeader) {
    boolean addsNothing() {
        return ip == IpMode.KEEP && !userAgent && database.isEmpty() && !readsHeaders();
    }

    boolean readsHeaders() {
        return !countryHeader.isEmpty() || !regionHeader.isEmpty() || !cityHeader.isEmpty();
    }
}
