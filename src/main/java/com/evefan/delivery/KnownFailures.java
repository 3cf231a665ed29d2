package com.evefan.delivery;

import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which kind of failure the exceptions of Camel components are that a destination file may use. By name: the components
 * need not be there.
 */
final class KnownFailures {
    private enum Kind {
        REJECTED,
        SET_UP
    }

    private static final String JQ = "net.thisptr.jackson.jq.exception.JsonQueryException";

    /** Its messages quote values of the event: {@code string ("ada@example.org") and number (1) cannot be added}. */
    private static final Pattern JQ_VALUES = Pattern.compile("\\(.*\\)", Pattern.DOTALL);

    private static final Map<String, Kind> BY_CLASS = Map.ofEntries(
            // camel-jq: the expression does not fit this event
            Map.entry(JQ, Kind.REJECTED),
            // camel-sql
            Map.entry("org.springframework.dao.DataIntegrityViolationException", Kind.REJECTED),
            Map.entry("org.springframework.jdbc.BadSqlGrammarException", Kind.SET_UP),
            // camel-kafka
            Map.entry("org.apache.kafka.common.errors.RecordTooLargeException", Kind.REJECTED),
            Map.entry("org.apache.kafka.common.InvalidRecordException", Kind.REJECTED),
            Map.entry("org.apache.kafka.common.errors.SerializationException", Kind.REJECTED),
            Map.entry("org.apache.kafka.common.errors.AuthenticationException", Kind.SET_UP),
            Map.entry("org.apache.kafka.common.errors.AuthorizationException", Kind.SET_UP),
            Map.entry("org.apache.kafka.common.errors.InvalidTopicException", Kind.SET_UP),
            // camel-mail
            Map.entry("jakarta.mail.AuthenticationFailedException", Kind.SET_UP),
            // a mistake in the route
            Map.entry("org.apache.camel.NoSuchBeanException", Kind.SET_UP),
            Map.entry("org.apache.camel.NoSuchEndpointException", Kind.SET_UP),
            Map.entry("org.apache.camel.ResolveEndpointFailedException", Kind.SET_UP),
            Map.entry("org.apache.camel.component.bean.MethodNotFoundException", Kind.SET_UP));

    /** SQLSTATE classes: what is wrong with a row's data, and what with the server's set-up. */
    private static final Set<String> BAD_DATA = Set.of("21", "22", "23", "44", "P0");

    /** A value of another type than its column, or of none that the driver can send: the sender chose it. */
    private static final Set<String> BAD_TYPE = Set.of("42804", "42846", "07006");

    /** Errors of class 22 quote the value. */
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*(\"|$)", Pattern.DOTALL);

    private static final Set<String> BAD_SET_UP = Set.of("28", "3D", "3F", "42");
    private static final Set<Integer> AWS_SET_UP = Set.of(301, 401, 403, 404, 405);

    private KnownFailures() {}

    /** What {@code cause} is; null when nothing is known of it. */
    static @Nullable Exception classify(Throwable cause) {
        SQLException sql = sql(cause);
        Exception known = sql == null ? null : ofSql(sql);
        if (known != null) {
            return known;
        }
        String name = cause.getClass().getSimpleName();
        for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
            Kind kind = BY_CLASS.get(type.getName());
            if (kind != null && type.getName().equals(JQ)) {
                String message = String.valueOf(cause.getMessage());
                return exception(kind, name + ": " + JQ_VALUES.matcher(message).replaceAll("(…)"), name, cause);
            }
            if (kind != null) {
                return exception(kind, sql == null ? name + ": " + cause.getMessage() : words(sql), name, cause);
            }
            if (type.getName().equals("software.amazon.awssdk.core.exception.SdkServiceException")) {
                return AWS_SET_UP.contains(awsStatus(cause))
                        ? exception(Kind.SET_UP, name + ": " + cause.getMessage(), name, cause)
                        : null;
            }
        }
        return null;
    }

    /** What a database said: itself, beneath what Spring makes of it, or behind the whole of a batch. */
    private static @Nullable SQLException sql(Throwable failure) {
        boolean springs = failure.getClass().getName().startsWith("org.springframework.");
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql.getNextException() != null ? sql.getNextException() : sql;
            }
            if (!springs) {
                return null;
            }
        }
        return null;
    }

    /** Whether a database understood who asks, and refused what it was asked: that may be a value's fault after all. */
    static boolean isOfStatement(SetUpException failure) {
        return failure.getCause() instanceof SQLException sql
                && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("42") || sql.getSQLState().startsWith("0A"));
    }

    private static @Nullable Exception ofSql(SQLException sql) {
        String state = sql.getSQLState();
        if (state == null || state.length() < 2) {
            return null;
        }
        String words = words(sql);
        if (BAD_DATA.contains(state.substring(0, 2)) || BAD_TYPE.contains(state)) {
            return new RejectedException(words, state, sql);
        }
        return BAD_SET_UP.contains(state.substring(0, 2)) ? new SetUpException(words, sql) : null;
    }

    /** The database's own, which Spring leaves out of its messages. */
    private static String words(SQLException sql) {
        String state = sql.getSQLState();
        String message = String.valueOf(sql.getMessage());
        return state == null
                ? message
                : "SQLSTATE " + state + ": "
                        + (state.startsWith("22") ? QUOTED.matcher(message).replaceAll("a value") : message);
    }

    private static Exception exception(Kind kind, String message, String error, Throwable cause) {
        return kind == Kind.REJECTED
                ? new RejectedException(message, error, cause)
                : new SetUpException(message, cause);
    }

    private static int awsStatus(Throwable cause) {
        try {
            return (int) cause.getClass().getMethod("statusCode").invoke(cause);
        } catch (ReflectiveOperationException e) {
            return 0;
        }
    }
}
