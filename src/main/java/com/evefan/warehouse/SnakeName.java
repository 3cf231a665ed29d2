package com.evefan.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.util.Locale;
import java.util.Set;

/**
 * Names of events and properties as names of views and columns, as Segment makes them: {@code CamelCase123Key} is
 * {@code camel_case_123_key}, {@code Order Completed} is {@code order_completed}. What is no letter or digit separates
 * words. A name that SQL reserves, or that begins with a digit, gets a {@code _} in front.
 */
public final class SnakeName {
    /** What PostgreSQL holds. */
    static final int LONGEST = 63;

    private static final int HASH = 9;

    /** Reserved by PostgreSQL or BigQuery (their documentation of key words). */
    private static final Set<String> RESERVED = Set.of(("all analyse analyze and any array as asc assert_rows_modified"
                    + " asymmetric at authorization between binary both by case cast check collate collation column"
                    + " concurrently constraint contains create cross cube current current_catalog current_date"
                    + " current_role current_schema current_time current_timestamp current_user default deferrable define"
                    + " desc distinct do else end enum escape except exclude exists extract false fetch following for"
                    + " foreign freeze from full grant group grouping groups hash having if ignore ilike in initially inner"
                    + " intersect interval into is isnull join lateral leading left like limit localtime localtimestamp"
                    + " lookup merge natural new no not notnull null nulls of offset on only or order outer over overlaps"
                    + " partition placing preceding primary proto qualify range recursive references respect returning"
                    + " right rollup rows select session_user set similar some struct symmetric system_user table"
                    + " tablesample then to trailing treat true unbounded union unique unnest user using variadic verbose"
                    + " when where window with within")
            .split(" "));

    private SnakeName() {}

    /** The name of {@code name}; empty where it has no letter and no digit. */
    public static String of(String name) {
        StringBuilder snake = new StringBuilder(name.length() + 8);
        int before = 0;
        for (int i = 0; i < name.length(); ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isLetterOrDigit(c)) {
                int next = i < name.length() ? name.codePointAt(i) : 0;
                if (beginsWord(before, c, next) && snake.length() > 0 && snake.charAt(snake.length() - 1) != '_') {
                    snake.append('_');
                }
                snake.appendCodePoint(Character.toLowerCase(c));
            } else if (snake.length() > 0 && snake.charAt(snake.length() - 1) != '_') {
                snake.append('_');
            }
            before = c;
        }
        int length = snake.length();
        if (length > 0 && snake.charAt(length - 1) == '_') {
            snake.setLength(length - 1);
        }
        String words = snake.toString().toLowerCase(Locale.ROOT);
        boolean needsMark = RESERVED.contains(words) || !words.isEmpty() && Character.isDigit(words.codePointAt(0));
        return fitting(needsMark ? '_' + words : words);
    }

    /** A word begins where the case or the kind of character changes; of {@code HTTPServer} the second with the S. */
    private static boolean beginsWord(int before, int c, int next) {
        if (Character.isDigit(c) != Character.isDigit(before)) {
            return Character.isLetterOrDigit(before);
        }
        return Character.isUpperCase(c) && (Character.isLowerCase(before) || Character.isLowerCase(next));
    }

    /** {@code name}, or what tells it from others that begin alike where it is too long. */
    public static String fitting(String name) {
        if (name.getBytes(UTF_8).length <= LONGEST) {
            return name;
        }
        int end = name.length();
        while (name.substring(0, end).getBytes(UTF_8).length > LONGEST - HASH) {
            end = name.offsetByCodePoints(end, -1);
        }
        String hash = Hashing.sha256().hashString(name, UTF_8).toString();
        return name.substring(0, end) + '_' + hash.substring(0, HASH - 1);
    }
}
