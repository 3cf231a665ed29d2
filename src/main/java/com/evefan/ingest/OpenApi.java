package com.evefan.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The description of an API for programs; bound as {@code openApi} and {@code managementOpenApi}. */
public final class OpenApi {
    private final byte[] document;

    public OpenApi(String file) {
        try (InputStream in = OpenApi.class.getResourceAsStream("/" + file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing from the program");
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
