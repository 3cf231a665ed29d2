package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.ingest.Source;

/** What a new user needs to know, printed at the start. */
final class Greeting {
    private Greeting() {}

    static String of(Configuration configuration) {
        String events = "http://" + configuration.http().host() + ":"
                + configuration.http().port();
        String management = "http://" + configuration.property("camel.management.host") + ":"
                + configuration.property("camel.management.port");
        Source source = configuration.sources().all().get(0);
        String key = source.writeKey().equals("wk_dev") ? "wk_dev" : "<write key of " + source + ">";
        String database = configuration.isPostgresEmbedded()
                ? "psql postgresql://evefan:evefan@127.0.0.1:" + configuration.embeddedPostgresPort() + "/evefan"
                : "your PostgreSQL";
        return """

                Evefan is running.
                  Events      %s  (write key %s, source %s)
                  Try it      curl -u %s: %s/v1/track -d '{"userId":"ada","event":"Hello Evefan"}'
                  Rows        %s -c 'select * from tracks'
                  Management  %s/observe/health
                  Data        %s
                Ctrl-C stops it.
                """.formatted(events, key, source, key, events, database, management, configuration.dataDirectory());
    }
}
