package com.evefan.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The description of the API for programs; bound as {@code openApi}. */
public final class OpenApi {
    private final byte[] document;

    public OpenApi() {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json is missing from the program");
            }
            document = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The document. */
    public byte[] document(Message message) {
        message.setHeader(Exchange.CONTENT_TYPE, Answers.JSON_TYPE);
        return document;
    }
}
