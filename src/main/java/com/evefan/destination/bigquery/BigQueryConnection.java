package com.evefan.destination.bigquery;

import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.http.HttpTransportOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConnectionFactory;

/** The connection of camel-google-bigquery, made from the settings: one client, whose access tokens are reused. */
public final class BigQueryConnection {
    private static final String SCOPE = "https://www.googleapis.com/auth/bigquery";

    private BigQueryConnection() {}

    /**
     * A connection factory for {@link BigQueryWriter} and for {@code google-bigquery:} endpoints
     * ({@code connectionFactory=#...}). Opens no connection.
     *
     * @throws IllegalArgumentException when the credentials cannot be read; the message names the key, not what is in it
     */
    public static GoogleBigQueryConnectionFactory factory(BigQuerySettings settings) {
        BigQueryOptions.Builder options = BigQueryOptions.newBuilder()
                // While the destination is off its route exists all the same, and with it a connection to nowhere.
                .setProjectId(settings.enabled() ? settings.project() : "off")
                .setCredentials(settings.enabled() ? credentials(settings.credentials()) : NoCredentials.getInstance())
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setConnectTimeout(
                                Math.toIntExact(settings.timeouts().connect().toMillis()))
                        .setReadTimeout(
                                Math.toIntExact(settings.timeouts().read().toMillis()))
                        .build())
                // Who retries is decided in one place, the shell; the client alone would take 17 seconds to give up.
                .setRetrySettings(RetrySettings.newBuilder().setMaxAttempts(1).build());
        if (!settings.endpoint().isEmpty()) {
            options.setHost(settings.endpoint());
        }
        return new GoogleBigQueryConnectionFactory(options.build().getService());
    }

    private static Credentials credentials(String credentials) {
        if (credentials.equals(BigQuerySettings.NO_CREDENTIALS)) {
            return NoCredentials.getInstance();
        }
        try {
            return read(credentials).createScoped(List.of(SCOPE));
        } catch (IOException e) {
            String what = credentials.equals(BigQuerySettings.DEFAULT_CREDENTIALS)
                    ? "is \"default\", but there are no application-default credentials here"
                    : "names a file that is no readable service account key: " + credentials;
            throw new IllegalArgumentException("evefan.bigquery.credentials " + what, e);
        }
    }

    private static GoogleCredentials read(String credentials) throws IOException {
        if (credentials.equals(BigQuerySettings.DEFAULT_CREDENTIALS)) {
            return GoogleCredentials.getApplicationDefault();
        }
        try (InputStream key = Files.newInputStream(Path.of(credentials))) {
            return GoogleCredentials.fromStream(key);
        }
    }
}
