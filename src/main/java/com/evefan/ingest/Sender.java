package com.evefan.ingest;

/** A source at work: its counters and what is left of its rate. */
final class Sender {
    /** The name of the exchange property that holds it where a request fails after it was found. */
    static final String PROPERTY = "sender";

    private final Source source;
    private final SourceCounters counters = new SourceCounters();
    private final RateLimit rate;

    Sender(Source source) {
        this.source = source;
        this.rate = new RateLimit(source.rateLimit(), System::nanoTime);
    }

    Source source() {
        return source;
    }

    SourceCounters counters() {
        return counters;
    }

    /** @throws RateLimitedException when the source has sent too many events within the last second */
    void requireCredit() throws RateLimitedException {
        int seconds = rate.secondsToWait();
        if (seconds > 0) {
            counters.addLimited();
            throw new RateLimitedException(source.name(), source.rateLimit(), seconds);
        }
    }

    /** So many good events were sent; what was refused costs nothing. */
    void spend(int events) {
        rate.spend(events);
    }

    @Override
    public String toString() {
        return source.name();
    }
}
