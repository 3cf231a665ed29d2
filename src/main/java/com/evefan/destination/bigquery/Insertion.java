package com.evefan.destination.bigquery;

import com.evefan.delivery.Rejected;
import com.evefan.destination.bigquery.Failure.Kind;
import java.util.ArrayList;
import java.util.List;

/** One request of a batch, sent until each of its rows is in, rejected, or to be sent again another time. */
final class Insertion {
    /** So many rows refused one by one and none taken: it is not the rows. */
    private static final int TOO_MANY_GUILTY = 20;

    private final Inserter inserter;
    private final Tables tables;
    private final Visibility visibility;
    private final Outcome outcome = new Outcome();
    private final List<EncodedRow> refusedAlone = new ArrayList<>();
    private boolean anyTaken;

    Insertion(Inserter inserter, Tables tables, Visibility visibility) {
        this.inserter = inserter;
        this.tables = tables;
        this.visibility = visibility;
    }

    Outcome outcome() {
        return outcome;
    }

    void insert(InsertRequest request) throws InterruptedException {
        InsertRequest left = request;
        int pauses = 0;
        while (!left.rows().isEmpty()) {
            RowErrors errors;
            try {
                errors = send(left);
            } catch (RequestFailure e) {
                settle(left, e.failure());
                return;
            }
            List<EncodedRow> next = new ArrayList<>(errors.stopped());
            if (!errors.unseen().isEmpty() && await(errors, left, pauses++)) {
                next.addAll(errors.unseen());
            } else if (next.size() == left.rows().size()) {
                outcome.again(next, errors.transientCause());
                return;
            }
            left = left.with(next);
        }
    }

    private RowErrors send(InsertRequest request) throws RequestFailure {
        tables.prepare(request.table());
        RowErrors errors;
        try {
            errors = inserter.insert(tables.id(request.table()), request);
        } catch (RequestFailure e) {
            if (e.failure().kind() != Kind.NOT_FOUND) {
                throw e;
            }
            return RowErrors.tableUnseen(request);
        }
        errors.rejected().forEach(outcome::reject);
        if (!errors.transients().isEmpty()) {
            outcome.again(errors.transients(), errors.transientCause());
        }
        if (errors.unseen().isEmpty()) {
            visibility.seen(request.table());
            anyTaken = true;
        }
        return errors;
    }

    /** Whether the rows that failed for an unseen table or column are worth another try now; else they are for later. */
    private boolean await(RowErrors errors, InsertRequest request, int pauses) throws InterruptedException {
        tables.forget(request.table());
        Failure notYet = visibility.unseen(request.table(), "table " + tables.name(request.table()));
        if (notYet.kind() == Kind.RETRYABLE && visibility.await(pauses)) {
            return true;
        }
        if (notYet.kind() == Kind.TABLE) {
            reject(errors.unseen(), tables.tell(request.table(), notYet));
        } else {
            outcome.again(errors.unseen(), notYet);
        }
        return false;
    }

    private void settle(InsertRequest request, Failure failure) throws InterruptedException {
        if (failure.kind() == Kind.TABLE) {
            reject(request.rows(), failure);
        } else if (failure.kind() != Kind.INVALID && failure.kind() != Kind.TOO_LARGE) {
            outcome.again(request.rows(), failure);
        } else if (blamesNoRow()) {
            outcome.again(
                    request.rows(),
                    Failure.setUp(
                            "BigQuery refuses every row of table " + tables.name(request.table()) + " ("
                                    + failure.message() + ")",
                            failure.error()));
        } else if (request.rows().size() == 1) {
            EncodedRow guilty = request.rows().get(0);
            refusedAlone.add(guilty);
            outcome.reject(new Rejected(guilty.event(), failure.message(), failure.error()));
        } else {
            insert(request.firstHalf());
            insert(request.secondHalf());
        }
    }

    private void reject(List<EncodedRow> rows, Failure failure) {
        rows.forEach(row -> outcome.reject(new Rejected(row.event(), failure.message(), failure.error())));
    }

    private boolean blamesNoRow() {
        return !anyTaken && refusedAlone.size() >= TOO_MANY_GUILTY;
    }
}
