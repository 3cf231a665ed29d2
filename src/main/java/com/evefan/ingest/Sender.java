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

    /**
     * Lets {@code events} in.
     *
     * @throws RateLimitedException when the source has sent too many within the last second
     */
    void admit(int events) throws RateLimitedException {
        int seconds = rate.take(events);
        if (seconds > 0) {
            counters.addLimited();
            throw new RateLimitedException(source.name(), source.rateLimit(), seconds);
        }
    }

    @Override
    public String toString() {
        return source.name();
    }
}
