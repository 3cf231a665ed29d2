package com.evefan.destination.postgres;

import com.evefan.warehouse.Row;
import java.sql.SQLException;

/** Rows of one table in a format of COPY. */
interface CopyRows {
    /** Takes the data chunk by chunk; may not keep the array. */
    @FunctionalInterface
    interface Target {
        void write(byte[] bytes, int offset, int length) throws SQLException;
    }

    void add(Row row) throws SQLException;

    /** Ends the data; no row may follow. */
    void end() throws SQLException;
}
