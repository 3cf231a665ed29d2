package com.evefan.artemis;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.apache.activemq.artemis.core.journal.LoaderCallback;
import org.apache.activemq.artemis.core.journal.PreparedTransactionInfo;
import org.apache.activemq.artemis.core.journal.RecordInfo;

/** Gathers what a store has on disk: the records not deleted, and by whom each is still owed. */
final class Loader implements LoaderCallback {
    private final LongPredicate bodyWanted;
    private final Map<Long, byte[]> bodies = new TreeMap<>();
    private final Map<Long, Long> owed = new HashMap<>();
    private long lastId;

    /** Keeps the bodies of the records that {@code bodyWanted} names, and the ids of all. */
    Loader(LongPredicate bodyWanted) {
        this.bodyWanted = bodyWanted;
    }

    @Override
    public void addRecord(RecordInfo info) {
        lastId = Math.max(lastId, info.id);
        bodies.put(info.id, bodyWanted.test(info.id) ? info.data : new byte[0]);
    }

    @Override
    public void updateRecord(RecordInfo info) {
        if (info.data.length == Long.BYTES) {
            owed.merge(info.id, ByteBuffer.wrap(info.data).getLong(), (before, now) -> before & now);
        }
    }

    @Override
    public void deleteRecord(long id) {
        bodies.remove(id);
        owed.remove(id);
    }

    @Override
    public void addPreparedTransaction(PreparedTransactionInfo preparedTransaction) {
        // the journal knows no transactions
    }

    @Override
    public void failedTransaction(long transaction, List<RecordInfo> records, List<RecordInfo> recordsToDelete) {
        // the journal knows no transactions
    }

    /** By id, in the order of acceptance. */
    Map<Long, byte[]> bodies() {
        return bodies;
    }

    /** Whoever of {@code all} has not acknowledged record {@code id}. */
    long owed(long id, long all) {
        return owed.getOrDefault(id, all) & all;
    }

    long lastId() {
        return lastId;
    }
}
