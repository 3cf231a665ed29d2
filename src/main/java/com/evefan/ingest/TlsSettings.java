package com.evefan.ingest;

import io.vertx.core.net.TCPSSLOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import javax.net.ssl.SSLContext;

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

    /**
     * Of Java's cipher suites those with authenticated encryption and a key exchange that a stolen certificate does not
     * undo: neither CBC nor RSA key exchange.
     */
    static void requireStrong(TCPSSLOptions options) {
        Set.copyOf(options.getEnabledCipherSuites()).forEach(options::removeEnabledCipherSuite);
        for (String suite : suites()) {
            boolean forwardSecret = suite.startsWith("TLS_AES_")
                    || suite.startsWith("TLS_CHACHA20_")
                    || suite.startsWith("TLS_ECDHE_")
                    || suite.startsWith("TLS_DHE_");
            if (forwardSecret && (suite.contains("_GCM_") || suite.contains("_POLY1305_"))) {
                options.addEnabledCipherSuite(suite);
            }
        }
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
    }

    private static String[] suites() {
        try {
            return SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no TLS", e);
        }
    }

    public boolean enabled() {
        return !certificate.isEmpty();
    }
}
