package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Undoes a request's {@code Content-Encoding} within the limit on its size, so that a small bomb stays small. */
final class Decompression {
    private final int maxBytes;

    /** A {@code Content-Encoding} that is not known; the message names those that are. */
    static final class UnknownEncodingException extends Exception {
        UnknownEncodingException() {
            super("Content-Encoding must be gzip, deflate or missing");
        }
    }

    Decompression(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    byte[] decompress(byte[] body, @Nullable String encoding)
            throws MalformedRequestException, UnknownEncodingException, RequestTooLargeException {
        if (body.length > maxBytes) {
            throw tooLarge();
        }
        String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "", "identity" -> body;
            case "gzip", "x-gzip" -> unpack(body, "gzip");
            case "deflate" -> unpack(body, "deflate");
            default -> throw new UnknownEncodingException();
        };
    }

    private byte[] unpack(byte[] body, String encoding) throws MalformedRequestException, RequestTooLargeException {
        // Of deflate's two forms, without zlib's header too: both have been sent since browsers disagreed.
        boolean bare =
                body.length > 1 && ((body[0] & 0x0F) != 8 || ((body[0] & 0xFF) * 256 + (body[1] & 0xFF)) % 31 != 0);
        Inflater inflater = new Inflater(bare);
        ByteArrayInputStream packed = new ByteArrayInputStream(body);
        try (InputStream in =
                encoding.equals("gzip") ? new GZIPInputStream(packed) : new InflaterInputStream(packed, inflater)) {
            byte[] json = in.readNBytes(maxBytes + 1);
            if (json.length > maxBytes) {
                throw tooLarge();
            }
            return json;
        } catch (ZipException | EOFException e) {
            throw new MalformedRequestException(
                    "the body is not valid " + encoding + ", as Content-Encoding says it is");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        } finally {
            inflater.end();
        }
    }

    private RequestTooLargeException tooLarge() {
        return new RequestTooLargeException("a request may have " + maxBytes + " bytes of JSON at most");
    }
}
