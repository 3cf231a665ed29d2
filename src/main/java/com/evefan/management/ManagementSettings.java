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
 * @param token what an operator proves to be one with; empty for one that Evefan makes in {@code dataDirectory}
 * @param tls the certificate, or none
 */
public record ManagementSettings(String host, int port, String token, TlsSettings tls, Path dataDirectory) {
    public ManagementSettings {
        if (token.isEmpty() && !isLoopback(host)) {
            throw new IllegalArgumentException("camel.management.host is " + host
                    + ", which others can reach: set evefan.admin.token, or go back to 127.0.0.1");
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
