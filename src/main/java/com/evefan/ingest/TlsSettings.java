package com.evefan.ingest;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The certificate of a server.
 *
 * @param certificate the path of a PEM file: the server's certificate, then those it is signed with; empty for no TLS
 * @param key the path of a PEM file: its private key, PKCS #8 without a password; empty for no TLS
 */
public record TlsSettings(String certificate, String key) {
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

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

    /** Makes a server speak TLS, where a certificate is set: 1.2 and 1.3, with forward secrecy and without CBC. */
    public void applyTo(HttpServerOptions options) {
        if (!enabled()) {
            return;
        }
        options.setSsl(true)
                .setUseAlpn(true)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeyCertOptions(
                        new PemKeyCertOptions().setCertPath(certificate).setKeyPath(key));
        SUITES.forEach(options::addEnabledCipherSuite);
    }
}
