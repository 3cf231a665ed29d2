package com.evefan.ingest;

import com.evefan.deduplication.Claims;
import com.evefan.event.EventBatch;
import com.evefan.event.Invalid;
import com.evefan.event.ReadResult;
import com.evefan.event.Warning;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One request that was let in, from its reading to its answer. */
final class Admission {
    /** The name of the exchange property that holds it. */
    static final String PROPERTY = "admission";

    /** A request that carries no events. */
    static final Admission EMPTY = new Admission(null, null, EventBatch.of(List.of()), List.of(), List.of(), 0);

    private final @Nullable Sender sender;
    private final @Nullable Claims claims;
    private final EventBatch read;
    private final List<Invalid> invalid;
    private final List<Warning> warnings;
    private final int dropped;

    private Admission(
            @Nullable Sender sender,
            @Nullable Claims claims,
            EventBatch read,
            List<Invalid> invalid,
            List<Warning> warnings,
            int dropped) {
        this.sender = sender;
        this.claims = claims;
        this.read = read;
        this.invalid = invalid;
        this.warnings = warnings;
        this.dropped = dropped;
    }

    static Admission of(Sender sender, ReadResult result, Claims claims) {
        return new Admission(sender, claims, result.accepted(), result.invalid(), result.warnings(), result.dropped());
    }

    /** The events that have to be made durable. */
    EventBatch fresh() {
        return claims == null || claims.fresh().size() == read.size() ? read : EventBatch.of(claims.fresh());
    }

    List<Invalid> invalid() {
        return invalid;
    }

    List<Warning> warnings() {
        return warnings;
    }

    /** The name of the source; empty where the request names none. */
    String source() {
        return sender == null ? "" : sender.source().name();
    }

    /** Whether any of the request's events was good, or there was none at all. */
    boolean succeeded() {
        return invalid.isEmpty() || read.size() + dropped > 0;
    }

    /**
     * The new events are durable.
     *
     * @return whether those are too that another request has brought at the same time, which may have failed to make
     *     them durable; completed when that is over
     */
    CompletionStage<Boolean> keep() {
        if (sender == null || claims == null) {
            return CompletableFuture.completedStage(true);
        }
        CompletionStage<Boolean> kept = claims.keep();
        sender.counters().addAccepted(claims.fresh().size());
        return kept.thenApply(
                all -> all && count(sender.counters(), claims.fresh().size()));
    }

    private boolean count(SourceCounters counters, int fresh) {
        counters.addDuplicates(read.size() - fresh);
        counters.addRejected(invalid.size());
        counters.addBots(dropped);
        warnings.forEach(warning -> counters.addWarning(warning.cause().kind()));
        return true;
    }

    /** The request is over; what was not kept can be sent again. */
    void end() {
        if (claims != null) {
            claims.release();
        }
    }
}
