package com.evefan.ingest;

import java.time.Duration;

/**
 * The ingestion server.
 *
 * @param host the address it listens on
 * @param port 0 for any free one
 *
 * @param maxRequestBytes what one request may have, on the wire and as JSON after decompression
 * @param maxBodyMemoryBytes what all requests that are read at the same time may have together
 * @param idleTimeout how long a connection may wait between requests, or be silent within one
 * @param requestTimeout how long a request may take to come in whole
 * @param maxConnections open connections; more are closed at once
 * @param tls the certificate, or none
 */
public record HttpSettings(
        String host,
        int port,
        int maxRequestBytes,
        long maxBodyMemoryBytes,
        Duration idleTimeout,
        Duration requestTimeout,
        int maxConnections,
        TlsSettings tls) {
    public HttpSettings {
        if (maxBodyMemoryBytes < 2L * maxRequestBytes) {
            throw new IllegalArgumentException("evefan.http.max-body-memory-bytes must be at least twice"
                    + " evefan.http.max-request-bytes, was " + maxBodyMemoryBytes);
        }
    }
}
