package com.evefan.destination.postgres;

import com.evefan.delivery.RejectedException;
import com.evefan.delivery.RetryableException;
import com.evefan.delivery.SetUpException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What an error of PostgreSQL means for a batch, by SQLSTATE. Source: PostgreSQL's documentation, appendix "Error
 * Codes". What is unknown is tried again, for that loses nothing.
 */
final class PostgresErrors {
    private static final String NONE = "none";

    /** Messages of class 22 quote the value. */
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*(\"|$)", Pattern.DOTALL);

    private static final int LONGEST_REASON = 300;

    private PostgresErrors() {}

    enum Meaning {
        REJECTED,
        RETRYABLE,
        SET_UP
    }

    /**
     * Somebody may have changed a table meanwhile: bytes that are not what a column's type reads give many an error, an
     * internal one among them.
     */
    static boolean mayBeOfTables(SQLException error) {
        return !isConnectionLost(error) && !isLocked(error);
    }

    /** What the server never looked at, or can say no more about; not what it found wrong with a message of ours. */
    private static boolean isConnectionLost(SQLException error) {
        String state = state(error);
        return state.equals(NONE) || state.startsWith("57P") || state.startsWith("08") && !state.equals("08P01");
    }

    /** The session is sound: the server has looked at a row and refused it. */
    static boolean isOfEvents(SQLException error) {
        return meaning(state(error)) == Meaning.REJECTED;
    }

    /** No connection could be made. */
    static boolean isUnreachable(SQLException error) {
        return state(error).equals("08001");
    }

    static boolean isLocked(SQLException error) {
        return state(error).equals("55P03");
    }

    /** What the server said, free of what is in the events. */
    static String words(SQLException error) {
        return reason(error, state(error));
    }

    /** A row with this id, or with another value that must be unique, is there already. */
    static boolean isDuplicate(SQLException error) {
        return state(error).equals("23505");
    }

    /**
     * Throws what {@code error} means, with a message free of what is in the events.
     *
     * @throws RejectedException when an event is to blame
     * @throws RetryableException when the same may succeed later
     * @throws SetUpException when an operator must act
     */
    static void raise(SQLException error) throws RejectedException, RetryableException, SetUpException {
        String state = state(error);
        String reason = reason(error, state);
        switch (meaning(state)) {
            case REJECTED -> throw new RejectedException(reason, state, error);
            case SET_UP -> throw new SetUpException(reason + ": " + advice(state, reason), error);
            case RETRYABLE -> throw new RetryableException(reason, error);
        }
    }

    static Meaning meaning(String state) {
        return switch (state) {
            case "08004" -> Meaning.SET_UP; // the server refuses the way the driver logs in
            case "25006" -> Meaning.RETRYABLE; // a standby that is not yet the primary
            // a value of another type than the column; syntax of a value (tsvector), for ours is sound
            case "42804", "42846", "42601" -> Meaning.REJECTED;
            default ->
                switch (state.substring(0, 2)) {
                    case "22", "23", "44", "54", "P0" ->
                        Meaning.REJECTED; // P0: a trigger of the user's refuses the row
                    case "0A", "28", "3D", "3F", "42" -> Meaning.SET_UP;
                    default -> Meaning.RETRYABLE;
                };
        };
    }

    private static String advice(String state, String reason) {
        return switch (state) {
            case "28P01" -> "check evefan.postgres.password";
            case "28000" -> "check evefan.postgres.user and the server's pg_hba.conf";
            case "08004" -> "check evefan.postgres.user, evefan.postgres.password and the server's pg_hba.conf";
            case "3D000" -> "create the database or change evefan.postgres.url";
            case "3F000" -> "create the schema or change evefan.postgres.schema";
            case "42501" -> lacking(reason);
            default -> "the tables in evefan.postgres.schema are not as Evefan makes them";
        };
    }

    /** By what the server names; it may say so in another language. */
    private static String lacking(String reason) {
        if (reason.contains("for table ")) {
            return "grant evefan.postgres.user INSERT and SELECT on that table";
        }
        if (reason.contains("for schema ")) {
            return "grant evefan.postgres.user CREATE and USAGE on evefan.postgres.schema";
        }
        if (reason.contains("temporary")) {
            return "grant evefan.postgres.user TEMPORARY on the database";
        }
        if (reason.contains("must be owner")) {
            return "make evefan.postgres.user the owner of the table, so that missing columns can be added";
        }
        return "grant evefan.postgres.user CREATE and USAGE on evefan.postgres.schema, INSERT and SELECT on its tables,"
                + " and TEMPORARY on the database";
    }

    private static String reason(SQLException error, String state) {
        PSQLException cause = find(error);
        ServerErrorMessage server = cause == null ? null : cause.getServerErrorMessage();
        if (server == null) {
            return limited("no answer from PostgreSQL: " + (cause == null ? error : cause).getMessage());
        }
        String message = Objects.requireNonNullElse(server.getMessage(), "error");
        String safe = state.startsWith("22") ? QUOTED.matcher(message).replaceAll("a value") : message;
        return limited("PostgreSQL " + state + ": " + safe + place(server));
    }

    /** Names of tables and columns only: the rest of what the server tells may quote the row. */
    private static String place(ServerErrorMessage server) {
        String column = server.getColumn();
        String where = server.getWhere();
        int copied = where == null ? -1 : where.indexOf(", column ");
        if (column == null && where != null && copied >= 0) {
            column = where.substring(copied + ", column ".length()).split("\\W", 2)[0];
        }
        return (server.getTable() == null ? "" : " in table " + server.getTable())
                + (column == null ? "" : " in column " + column);
    }

    private static String limited(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }

    private static String state(SQLException error) {
        PSQLException cause = find(error);
        String state = cause == null ? error.getSQLState() : cause.getSQLState();
        return state == null || state.length() != 5 ? NONE : state;
    }

    /** The driver's own exception: the pool wraps it. */
    private static @Nullable PSQLException find(SQLException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException found) {
                return found;
            }
        }
        return null;
    }
}
