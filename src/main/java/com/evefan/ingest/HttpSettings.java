package com.evefan.ingest;

import java.time.Duration;

/**
 * The ingestion server.
 *
 * @param host the address it listens on
 * @param port 0 for any free one
 *
 * @param maxRequestBytes what one request may have, on the wire and as JSON after decompression
 * @param maxBodyMemoryBytes what all requests that are read at the same time may have together, a compressed one both as
 *     it came and decompressed
 * @param idleTimeout how long a connection may wait between requests, or be silent within one
 * @param requestTimeout how long a request may take to come in whole, and its answer to be taken
 * @param maxConnections open connections; more are closed at once
 * @param maxConnectionsPerAddress those of one address, of a trusted proxy aside
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
        int maxConnectionsPerAddress,
        TlsSettings tls) {
    public HttpSettings {
        if (maxBodyMemoryBytes < 3L * maxRequestBytes) {
            throw new IllegalArgumentException("evefan.http.max-body-memory-bytes must be at least three times"
                    + " evefan.http.max-request-bytes, was " + maxBodyMemoryBytes);
        }
    }
}
