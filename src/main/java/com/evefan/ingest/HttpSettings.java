package com.evefan.ingest;

import java.time.Duration;
import java.util.Map;

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
 * @param publicUrl where SDKs reach it, such as {@code https://events.example.org}; empty for what a request says
 * @param pathAliases other names of paths, by the alias: {@code /x7} for {@code /v1}
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
        TlsSettings tls,
        String publicUrl,
        Map<String, String> pathAliases) {
    private static final String PATH = "(/[A-Za-z0-9._~-]+)+";

    public HttpSettings {
        if (!publicUrl.matches("|https?://[^/\\s]+")) {
            throw new IllegalArgumentException(
                    "evefan.http.public-url is such as https://events.example.org, without a path, was " + publicUrl);
        }
        pathAliases = Map.copyOf(pathAliases);
        pathAliases.forEach((alias, path) -> {
            if (!alias.matches(PATH) || !path.matches(PATH) || path.startsWith(alias + "/") || alias.equals(path)) {
                throw new IllegalArgumentException(
                        "evefan.http.path-aliases is such as /x7=/v1, was " + alias + "=" + path);
            }
        });
        if (maxBodyMemoryBytes < 3L * maxRequestBytes) {
            throw new IllegalArgumentException("evefan.http.max-body-memory-bytes must be at least three times"
                    + " evefan.http.max-request-bytes, was " + maxBodyMemoryBytes);
        }
    }
}
