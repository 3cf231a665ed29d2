package com.evefan.ingest;

import java.time.Duration;

/**
 * The ingestion server.
 *
 * @param host the address it listens on
 * @param port 0 for any free one
 * @param tls the certificate, or none
 * @param maxRequestBytes what one request may have, on the wire and as JSON after decompression
 * @param idleTimeout how long a connection may be silent, between requests as within one
 * @param maxConnections open connections; more are closed at once
 */
public record HttpSettings(
        String host, int port, TlsSettings tls, int maxRequestBytes, Duration idleTimeout, int maxConnections) {}
