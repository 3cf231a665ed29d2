package com.evefan.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Finds, in lines of accepted events, what may be the id of a person: the text of every member called {@code userId},
 * {@code anonymousId} or {@code previousId}, at any depth. All that {@link Person#has} asks for is among it, for Evefan
 * writes these three itself, as {@code "userId":"…"}. Reads no JSON: it looks at every fourth byte or so.
 */
public final class PersonIds {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String[] NAMES = {"\"user", "\"anonymous", "\"previous"};
    private static final int LONGEST_JUMP = 5;

    private final byte[] lines;
    private final int end;
    private int at;
    private String value = "";

    /** Those in {@code lines} from {@code from} to before {@code end}. */
    public PersonIds(byte[] lines, int from, int end) {
        this.lines = lines;
        this.end = end;
        at = from + LONGEST_JUMP - 1;
    }

    /** Goes to the next one; false when there is none. */
    public boolean next() {
        while (at < end) { // looks for Id":" by its last byte
            switch (lines[at]) {
                case '"' -> {
                    if (isMember()) {
                        read();
                        return true;
                    }
                    at += 2;
                }
                case ':' -> at += 1;
                case 'd' -> at += 3;
                case 'I' -> at += 4;
                default -> at += LONGEST_JUMP;
            }
        }
        return false;
    }

    private boolean isMember() {
        if (lines[at - 1] != ':' || lines[at - 2] != '"' || lines[at - 3] != 'd' || lines[at - 4] != 'I') {
            return false;
        }
        for (String name : NAMES) {
            int start = at - 4 - name.length();
            boolean same = start >= 0;
            for (int i = 0; same && i < name.length(); i++) {
                same = lines[start + i] == name.charAt(i);
            }
            if (same) {
                return true;
            }
        }
        return false;
    }

    private void read() {
        int start = at + 1;
        int stop = start;
        boolean plain = true;
        while (stop < end && lines[stop] != '"') {
            plain &= lines[stop] != '\\';
            stop += lines[stop] == '\\' ? 2 : 1;
        }
        stop = Math.min(stop, end);
        value = plain ? new String(lines, start, stop - start, StandardCharsets.UTF_8) : unescaped(start - 1, stop + 1);
        at = stop + LONGEST_JUMP;
    }

    private String unescaped(int from, int to) {
        try (JsonParser parser = JSON.createParser(lines, from, Math.min(end, to) - from)) {
            String text = parser.nextTextValue();
            return text == null ? "" : text;
        } catch (IOException e) {
            return ""; // no accepted event has such a text
        }
    }

    /** The id. */
    public String value() {
        return value;
    }
}
