package com.evefan;

import com.evefan.configuration.Configuration;
import com.evefan.delivery.Destination;
import com.evefan.delivery.Destinations;
import com.evefan.destination.bigquery.BigQueryConnection;
import com.evefan.destination.bigquery.BigQueryWriter;
import com.evefan.destination.custom.Events;
import com.evefan.destination.custom.Signature;
import com.evefan.destination.custom.WantedEvents;
import com.evefan.destination.mixpanel.Mixpanel;
import com.evefan.destination.mixpanel.StartCheck;
import com.evefan.destination.postgres.PostgresPool;
import com.evefan.destination.postgres.PostgresWriter;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConnectionFactory;
import org.apache.camel.main.Main;

/** The beans that the routes of destinations refer to. */
final class ShippedDestinations {
    private ShippedDestinations() {}

    /**
     * @param meters takes what destinations count of their own
     * @param started takes what has to be closed in the end
     */
    static void bind(Configuration configuration, Main camel, MeterRegistry meters, Consumer<AutoCloseable> started) {
        HikariDataSource pool = PostgresPool.open(configuration.postgres());
        started.accept(pool);
        PostgresWriter postgres = new PostgresWriter(pool, configuration.postgres());
        started.accept(postgres);
        camel.bind("postgresWriter", postgres);
        camel.bind("mixpanel", new Mixpanel(configuration.mixpanel(), meters));
        GoogleBigQueryConnectionFactory bigQuery = BigQueryConnection.factory(configuration.bigQuery());
        BigQueryWriter bigQueryWriter = new BigQueryWriter(configuration.bigQuery(), bigQuery);
        started.accept(bigQueryWriter);
        camel.bind("bigQueryConnectionFactory", bigQuery);
        camel.bind("bigQueryWriter", bigQueryWriter);
        bindCustom(camel);
    }

    /** Once Camel runs: what a destination asks beside the start, which waits for no answer. */
    static void check(Configuration configuration, CamelContext context, Destinations destinations) {
        Destination mixpanel = destinations.get("mixpanel");
        if (mixpanel != null && !configuration.mixpanel().token().isEmpty()) {
            StartCheck.begin(context, mixpanel::checked);
        }
    }

    /** For destinations that are nothing but YAML. */
    private static void bindCustom(Main camel) {
        camel.bind("events", new Events());
        camel.bind("wantedEvents", WantedEvents.asBatch());
        camel.bind("wantedRows", WantedEvents.asRows());
        camel.bind("wantedMessages", WantedEvents.asMessages());
        camel.bind("signature", new Signature());
    }
}
