package com.evefan.management;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks a running Evefan whether it is ready; the exit code is the answer. For containers, which have no curl. */
public final class HealthProbe {
    private static final String DEFAULT = "http://127.0.0.1:9876/observe/health/ready";
    private static final int LIMIT_MILLIS = 2_000;

    private HealthProbe() {}

    /** @param arguments the URL of the probe, or nothing for {@value #DEFAULT} */
    public static void main(String[] arguments) {
        System.exit(isReady(arguments.length > 0 ? arguments[0] : DEFAULT) ? 0 : 1);
    }

    static boolean isReady(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
