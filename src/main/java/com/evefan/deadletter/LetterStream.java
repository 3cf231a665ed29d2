package com.evefan.deadletter;

import com.evefan.counters.SafeText;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An answer with letters in it, made while it is read: one letter is in memory. When it does not hold all that match, its
 * end says so.
 */
final class LetterStream extends InputStream {
    private static final JsonMapper JSON = new JsonMapper();

    private final Letters letters;
    private final Filter filter;
    private final long limit;
    private final boolean lines;
    private final @Nullable String bound;
    private final Consumer<LetterStream> ended;
    private byte[] chunk;
    private int position;
    private long shown;
    private boolean over;
    private volatile long lastRead = System.nanoTime();

    /**
     * @param lines each as it stands, one a line; otherwise one JSON object with all
     * @param bound why there may be more letters than {@code letters} knows; null when there cannot be
     * @param ended told when this is closed or at its end
     */
    LetterStream(
            Letters letters,
            Filter filter,
            long limit,
            boolean lines,
            @Nullable String bound,
            Consumer<LetterStream> ended) {
        this.letters = letters;
        this.filter = filter;
        this.limit = limit;
        this.lines = lines;
        this.bound = bound;
        this.ended = ended;
        this.chunk = lines ? new byte[0] : bytes("{\n  \"deadLetters\" : [ ");
    }

    /** When it was read from last, by {@link System#nanoTime}. */
    long lastRead() {
        return lastRead;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] to, int offset, int length) {
        lastRead = System.nanoTime();
        while (position == chunk.length) {
            if (over) {
                return -1;
            }
            position = 0;
            chunk = next();
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, to, offset, count);
        position += count;
        return count;
    }

    private byte[] next() {
        try {
            for (DeadLetter letter = letters.next(); letter != null; letter = letters.next()) {
                if (!letter.isForeign() ? filter.matches(letter) : filter.isAll()) {
                    if (shown == limit) {
                        return end("there are more than the limit of " + limit);
                    }
                    shown++;
                    return letter(letter);
                }
            }
            return end(bound);
        } catch (IOException | JMSException | RuntimeException e) {
            return end("reading failed: "
                    + SafeText.of(e.getMessage(), e.getClass().getSimpleName()));
        }
    }

    private byte[] letter(DeadLetter letter) throws JsonProcessingException {
        if (lines) {
            return bytes(letter.text() + "\n");
        }
        return bytes(
                (shown > 1 ? ", " : "") + JSON.writerWithDefaultPrettyPrinter().writeValueAsString(letter.shown()));
    }

    private byte[] end(@Nullable String cut) {
        close();
        if (lines) {
            return cut == null
                    ? new byte[0]
                    : bytes(JSON.createObjectNode().put("cutShort", cut).put("shown", shown) + "\n");
        }
        String why = cut == null
                ? ""
                : ",\n  \"cutShort\" : " + JSON.getNodeFactory().textNode(cut);
        return bytes(" ],\n  \"shown\" : " + shown + why + "\n}");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Nothing more is read; also called by another thread, when nobody reads it any more. */
    @Override
    public synchronized void close() {
        if (over) {
            return;
        }
        over = true;
        ended.accept(this);
        try {
            letters.close();
        } catch (IOException | JMSException e) {
            // read only
        }
    }
}
