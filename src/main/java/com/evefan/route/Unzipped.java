package com.evefan.route;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Zipped bytes for people to read. */
final class Unzipped {
    private Unzipped() {}

    static byte[] of(byte[] zipped) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return gzip.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("these bytes were made by gzip", e);
        }
    }
}
