package com.evefan.ingest;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The bytes of a body as the server hands it over. */
final class RequestBytes {
    private static final byte[] NONE = new byte[0];

    private RequestBytes() {}

    static byte[] of(@Nullable Object body) {
        if (body instanceof Buffer buffer) {
            return buffer.getBytes();
        }
        return body instanceof byte[] bytes ? bytes : NONE;
    }
}
