package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Undoes a request's {@code Content-Encoding} within the limit on its size, so that a small bomb stays small. */
final class Decompression {
    private static final int STEP = 8 << 10;

    private final int maxBytes;

    Decompression(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** All of {@code body}; null where {@code share} has no room for it. */
    byte @Nullable [] decompress(byte[] body, String encoding, BodyMemory.Share share)
            throws MalformedRequestException, RequestTooLargeException {
        try (GZIPInputStream gzip = open(body, encoding)) {
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
                int read = gzip.read(json, length, json.length - length);
                if (read < 0) {
                    return Arrays.copyOf(json, length);
                }
                length += read;
                if (length > maxBytes) {
                    throw new RequestTooLargeException("a request may have " + maxBytes + " bytes of JSON at most");
                }
            }
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** At most {@code most} bytes of what {@code body} begins with. */
    byte[] beginning(byte[] body, String encoding, int most) throws MalformedRequestException {
        try (GZIPInputStream gzip = open(body, encoding)) {
            return gzip.readNBytes(most);
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static GZIPInputStream open(byte[] body, String encoding) throws IOException, MalformedRequestException {
        if (!encoding.equalsIgnoreCase("gzip")) {
            throw new MalformedRequestException("Content-Encoding must be gzip or missing");
        }
        return new GZIPInputStream(new ByteArrayInputStream(body), STEP);
    }

    private static MalformedRequestException malformed(IOException e) {
        if (e instanceof ZipException || e instanceof EOFException) {
            return new MalformedRequestException("the body is not valid gzip, as Content-Encoding says it is");
        }
        throw new IllegalStateException("reading from memory failed", e);
    }
}
