package com.evefan.command;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;

/** Asks a running Evefan whether it is ready; the exit code is the answer. For containers, which have no curl. */
public final class HealthProbe {
    private static final String DEFAULT = "http://127.0.0.1:9876/observe/health/ready";
    private static final int LIMIT_MILLIS = 2_000;

    private HealthProbe() {}

    /**
     * @param arguments the URL of the probe, or nothing for {@value #DEFAULT}; for https, then the file of its
     *     certificate ({@code evefan.admin.tls.certificate}) where nobody else vouches for it
     */
    public static void main(String[] arguments) {
        System.exit(isReady(List.of(arguments)) ? 0 : 1);
    }

    private static boolean isReady(List<String> arguments) {
        try {
            String url = arguments.isEmpty() ? DEFAULT : arguments.get(0);
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            if (arguments.size() > 1 && connection instanceof HttpsURLConnection https) {
                https.setSSLSocketFactory(
                        KnownCertificate.trusted(Path.of(arguments.get(1))).getSocketFactory());
            }
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return false;
        }
    }
}
