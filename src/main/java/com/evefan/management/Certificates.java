package com.evefan.management;

import com.evefan.ingest.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;

/** Makes PEM files what Camel's management server takes. */
final class Certificates {
    private static final String PASSWORD = "unused";
    private static final String[] ALGORITHMS = {"RSA", "EC", "Ed25519"};

    private Certificates() {}

    /** @throws IllegalArgumentException when the files hold no certificate with its key */
    static SSLContextParameters sslContext(TlsSettings tls) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server", key(Path.of(tls.key())), PASSWORD.toCharArray(), chain(Path.of(tls.certificate())));
            KeyStoreParameters keyStore = new KeyStoreParameters();
            keyStore.setKeyStore(store);
            KeyManagersParameters keyManagers = new KeyManagersParameters();
            keyManagers.setKeyStore(keyStore);
            keyManagers.setKeyPassword(PASSWORD);
            SSLContextParameters parameters = new SSLContextParameters();
            parameters.setKeyManagers(keyManagers);
            return parameters;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "evefan.admin.tls: " + tls.certificate() + " and " + tls.key() + " are no certificate with its key",
                    e);
        }
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .toArray(new Certificate[0]);
        }
    }

    private static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file)
                .replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "")
                .replaceAll("\\s", "");
        PKCS8EncodedKeySpec encoded;
        try {
            encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not a PKCS #8 key", e);
        }
        GeneralSecurityException failure = new GeneralSecurityException("not a key of a known kind");
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (GeneralSecurityException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }
}
