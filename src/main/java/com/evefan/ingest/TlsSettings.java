package com.evefan.ingest;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The certificate of a server.
 *
 * @param certificate the path of a PEM file: the server's certificate, then those it is signed with; empty for no TLS
 * @param key the path of a PEM file: its private key, PKCS #8 without a password; empty for no TLS
 */
public record TlsSettings(String certificate, String key) {
    /** No TLS. */
    public static final TlsSettings NONE = new TlsSettings("", "");

    /**
     * @param prefix of the properties' keys, named in messages: {@code evefan.http.tls}
     * @throws IllegalArgumentException when one of both is missing or cannot be read
     */
    public static TlsSettings of(String prefix, String certificate, String key) {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException(prefix + ".certificate and " + prefix + ".key go together");
        }
        readable(prefix + ".certificate", certificate);
        readable(prefix + ".key", key);
        return new TlsSettings(certificate, key);
    }

    private static void readable(String property, String path) {
        if (!path.isEmpty() && !Files.isReadable(Path.of(path))) {
            throw new IllegalArgumentException(property + ": cannot read " + path);
        }
    }

    public boolean enabled() {
        return !certificate.isEmpty();
    }
}
