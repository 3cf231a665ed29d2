package com.evefan.ingest;

import com.evefan.enrichment.Bots;
import com.evefan.event.EventIds;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The sources, by write key. */
public final class Sources {
    private volatile @Nullable OAuth oauth;
    private final List<Source> all;
    private final Map<String, Sender> byWriteKey = new HashMap<>();
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final LongAdder sdkReports = new LongAdder();

    /**
     * @throws IllegalArgumentException when there is no source, two share a write key, or two have plain ids
     */
    public Sources(Collection<Source> sources) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("evefan.source.<name>.write-key: at least one source is needed");
        }
        this.all = List.copyOf(sources);
        for (Source source : sources) {
            Sender same = byWriteKey.put(source.writeKey(), new Sender(source));
            if (same != null) {
                throw new IllegalArgumentException("evefan.source."
                        + same.source().name() + ".write-key and evefan.source." + source.name()
                        + ".write-key must differ");
            }
        }
        requireOnePlain();
    }

    private void requireOnePlain() {
        List<String> plain = all.stream()
                .filter(source -> source.enabled() && source.ids() == EventIds.PLAIN)
                .map(Source::name)
                .toList();
        if (plain.size() > 1) {
            throw new IllegalArgumentException("evefan.source." + plain.get(0) + ".plain-ids and evefan.source."
                    + plain.get(1) + ".plain-ids must not both be true: either could take an id away from the other");
        }
    }

    /** The source that takes events under {@code writeKey}; empty where that is unknown or switched off. */
    public Optional<Source> of(String writeKey) {
        return sender(writeKey).map(Sender::source);
    }

    /** From now on access tokens count too. */
    void authenticateBy(OAuth issuer) {
        oauth = issuer;
    }

    /** The source that an access token was issued to; empty where that is over, or none. */
    Optional<Sender> ofAccessToken(String token) {
        OAuth issuer = oauth;
        return issuer == null ? Optional.empty() : issuer.sourceOf(token).flatMap(source -> sender(source.writeKey()));
    }

    Optional<Sender> sender(String writeKey) {
        Sender sender = byWriteKey.get(writeKey);
        return sender == null || !sender.source().enabled() ? Optional.empty() : Optional.of(sender);
    }

    /** Whether a page of {@code origin} may send in the name of any of them. */
    boolean allowOrigin(String origin) {
        for (Source source : all) {
            if (source.enabled() && source.allowsOrigin(origin)) {
                return true;
            }
        }
        return false;
    }

    /** Whether any of them wants to know of robots. */
    public boolean wantBots() {
        return all.stream().anyMatch(source -> source.bots() != Bots.KEEP);
    }

    public List<Source> all() {
        return all;
    }

    /** The counters by the source's name. */
    public Map<String, SourceCounters> counters() {
        Map<String, SourceCounters> counters = new TreeMap<>();
        for (Sender sender : byWriteKey.values()) {
            counters.put(sender.source().name(), sender.counters());
        }
        return counters;
    }

    /** The requests that were refused. */
    public Refusals refusals() {
        return refusals;
    }

    void addSdkReport() {
        sdkReports.increment();
    }

    /** Reports of SDKs about themselves, which are not kept. */
    public long sdkReports() {
        return sdkReports.sum();
    }

    /** Names only. */
    @Override
    public String toString() {
        return all.toString();
    }
}
