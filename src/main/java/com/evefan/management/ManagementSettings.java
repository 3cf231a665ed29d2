package com.evefan.management;

import com.evefan.ingest.TlsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/**
 * The management port.
 *
 * @param host the address it listens on
 * @param port where Hawtio's pages go as well
 * @param token the admin's secret; empty for one that Evefan makes in {@code dataDirectory}
 * @param readToken the secret of whoever may only see health, metrics and status pages; empty for nobody
 * @param readTokenSeesContent whether contents of events are shown to whoever has that
 * @param tls the certificate, or none
 */
public record ManagementSettings(
        String host,
        int port,
        String token,
        String readToken,
        boolean readTokenSeesContent,
        TlsSettings tls,
        Path dataDirectory) {
    /** The least characters of a token. */
    static final int SHORTEST = 16;

    public ManagementSettings {
        checkLength("evefan.admin.token", token);
        checkLength("evefan.admin.read-token", readToken);
        if (!token.isEmpty() && token.equals(readToken)) {
            throw new IllegalArgumentException(
                    "evefan.admin.read-token is the same as evefan.admin.token: whoever reads could do everything");
        }
        if (token.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("camel.management.host is " + host
                    + ", which others can reach: set evefan.admin.token, or go back to 127.0.0.1");
        }
    }

    private static void checkLength(String property, String token) {
        if (!token.isEmpty() && token.length() < SHORTEST) {
            throw new IllegalArgumentException(property + " must have at least " + SHORTEST + " characters, or none");
        }
    }

    /** Whether only this machine can reach {@code host}. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return (tls.enabled() ? "https://" : "http://") + host + ":" + port;
    }
}
