package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Undoes a request's {@code Content-Encoding} within the limit on its size, so that a small bomb stays small. */
final class Decompression {
    private static final int STEP = 8 << 10;

    private final int maxBytes;

    /** A {@code Content-Encoding} that is not known; the message names those that are. */
    static final class UnknownEncodingException extends Exception {
        static final String MESSAGE = "Content-Encoding must be gzip, deflate or missing";

        UnknownEncodingException() {
            super(MESSAGE);
        }
    }

    Decompression(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** All of {@code body}; null where {@code share} has no room for it. */
    byte @Nullable [] decompress(byte[] body, String encoding, BodyMemory.Share share)
            throws MalformedRequestException, UnknownEncodingException, RequestTooLargeException {
        try (InputStream packed = open(body, encoding)) {
            byte[] json = new byte[0];
            int length = 0;
            while (true) {
                if (length == json.length) {
                    int larger = (int) Math.min(Math.max(STEP, 2L * length), maxBytes + 1L);
                    if (!share.take(larger - length)) {
                        return null;
                    }
                    json = Arrays.copyOf(json, larger);
                }
                int read = packed.read(json, length, json.length - length);
                if (read < 0) {
                    return Arrays.copyOf(json, length);
                }
                length += read;
                if (length > maxBytes) {
                    throw new RequestTooLargeException("a request may have " + maxBytes + " bytes of JSON at most");
                }
            }
        } catch (IOException e) {
            throw malformed(encoding, e);
        }
    }

    /** At most {@code most} bytes of what {@code body} begins with. */
    byte[] beginning(byte[] body, String encoding, int most)
            throws MalformedRequestException, UnknownEncodingException {
        try (InputStream packed = open(body, encoding)) {
            return packed.readNBytes(most);
        } catch (IOException e) {
            throw malformed(encoding, e);
        }
    }

    private static InputStream open(byte[] body, String encoding) throws IOException, UnknownEncodingException {
        return switch (encoding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> new GZIPInputStream(new ByteArrayInputStream(body), STEP);
            case "deflate" -> inflating(body);
            default -> throw new UnknownEncodingException();
        };
    }

    /** Of deflate's two forms, without zlib's header too: both have been sent since browsers disagreed. */
    private static InputStream inflating(byte[] body) {
        boolean bare =
                body.length > 1 && ((body[0] & 0x0F) != 8 || ((body[0] & 0xFF) * 256 + (body[1] & 0xFF)) % 31 != 0);
        Inflater inflater = new Inflater(bare);
        return new InflaterInputStream(new ByteArrayInputStream(body), inflater, STEP) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end(); // its memory is not the heap's
            }
        };
    }

    private static MalformedRequestException malformed(String encoding, IOException e) {
        if (e instanceof ZipException || e instanceof EOFException) {
            return new MalformedRequestException(
                    "the body is not valid " + encoding + ", as Content-Encoding says it is");
        }
        throw new IllegalStateException("reading from memory failed", e);
    }
}
