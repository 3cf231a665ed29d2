package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Undoes a request's {@code Content-Encoding} within the limit on its size, so that a small bomb stays small. */
final class Decompression {
    private final int maxBytes;

    Decompression(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    byte[] decompress(byte[] body, @Nullable String encoding)
            throws MalformedRequestException, RequestTooLargeException {
        if (body.length > maxBytes) {
            throw tooLarge();
        }
        if (encoding == null || encoding.isBlank() || encoding.strip().equalsIgnoreCase("identity")) {
            return body;
        }
        if (!encoding.strip().equalsIgnoreCase("gzip")) {
            throw new MalformedRequestException("Content-Encoding must be gzip or missing");
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] json = gzip.readNBytes(maxBytes + 1);
            if (json.length > maxBytes) {
                throw tooLarge();
            }
            return json;
        } catch (ZipException | EOFException e) {
            throw new MalformedRequestException("the body is not valid gzip, as Content-Encoding says it is");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private RequestTooLargeException tooLarge() {
        return new RequestTooLargeException("a request may have " + maxBytes + " bytes of JSON at most");
    }
}
