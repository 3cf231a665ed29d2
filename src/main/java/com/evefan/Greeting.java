package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.configuration.LogSettings.Format;
import com.evefan.ingest.Source;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a new user, or a log, needs to know of the start: what runs where, and what is switched off. */
final class Greeting {
    private static final Logger LOG = LoggerFactory.getLogger(Evefan.class);
    private static final String RUNNING = "Evefan is running";
    private static final String STOPPING = "Evefan is stopping";

    private Greeting() {}

    static void tell(Configuration configuration) {
        if (configuration.log().format() == Format.JSON) {
            LOG.info("{}: {}", RUNNING, parts(configuration));
        } else {
            System.out.println(of(configuration));
        }
    }

    static void tellEnd(Configuration configuration) {
        if (configuration.log().format() == Format.JSON) {
            LOG.info(STOPPING);
        } else {
            System.out.println(STOPPING + ".");
        }
    }

    static String of(Configuration configuration) {
        StringBuilder text = new StringBuilder("\n" + RUNNING + ".\n");
        parts(configuration).forEach((part, where) -> text.append("  %-12s%s%n".formatted(part, where)));
        Source source = configuration.sources().all().get(0);
        if (source.writeKey().equals("wk_dev")) {
            text.append("  %-12scurl -u wk_dev: %s/v1/track -d '{\"userId\":\"ada\",\"event\":\"Hello Evefan\"}'%n"
                    .formatted("Try it", events(configuration)));
        }
        if (configuration.isPostgresEmbedded()) {
            // A password of the operator's own has no place on the screen; psql asks for it.
            String user =
                    configuration.property("evefan.postgres.password").equals("evefan") ? "evefan:evefan" : "evefan";
            text.append("  %-12spsql postgresql://%s@127.0.0.1:%d/evefan -c 'select * from tracks'%n"
                    .formatted("Rows", user, configuration.embeddedPostgresPort()));
        }
        return text.append("Ctrl-C stops it.\n").toString();
    }

    private static Map<String, String> parts(Configuration configuration) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("Events", events(configuration) + " from " + configuration.sources());
        parts.put("Console", configuration.management() + "/ (" + token(configuration) + ")");
        parts.put(
                "Health",
                configuration.management()
                        + "/observe/health; with the password /v1/health, metrics at /observe/metrics");
        parts.put("Broker", configuration.broker().toString());
        parts.put("PostgreSQL", postgres(configuration));
        parts.put(
                "BigQuery",
                configuration.bigQuery().enabled() ? configuration.bigQuery().toString() : "off");
        boolean mixpanel = !configuration.mixpanel().token().isEmpty();
        parts.put("Mixpanel", mixpanel ? configuration.property("evefan.mixpanel.region") : "off");
        parts.put("Data", configuration.dataDirectory().toString());
        return parts;
    }

    private static String events(Configuration configuration) {
        String scheme = configuration.http().tls().enabled() ? "https://" : "http://";
        return scheme + configuration.http().host() + ":" + configuration.http().port();
    }

    private static String token(Configuration configuration) {
        return configuration.management().token().isEmpty()
                ? "any user, password in " + configuration.dataDirectory().resolve("admin.token")
                : "any user, password: evefan.admin.token";
    }

    private static String postgres(Configuration configuration) {
        return configuration.isPostgresEmbedded()
                ? "embedded on port " + configuration.embeddedPostgresPort()
                : configuration.property("evefan.postgres.url").replaceAll("[?].*", "");
    }
}
