package com.evefan.broker;

import java.util.List;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQPrefetchPolicy;
import org.apache.activemq.RedeliveryPolicy;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** How Evefan connects to its broker. */
public final class BrokerConnections {
    /** How long to wait for a broker that does not answer. */
    private static final int PATIENCE_MS = 5_000;

    private static final int SEND_PATIENCE_MS = 30_000;
    private static final int ROLLED_BACK_MS = 50;

    private static final List<String> FAILOVER_OPTIONS =
            List.of("timeout=" + PATIENCE_MS, "maxReconnectAttempts=8", "maxReconnectDelay=1000");

    private BrokerConnections() {}

    /**
     * Pooled connections whose consumers get a message again at once when its transaction was rolled back, and never
     * give up on it: when a batch is tried again, and for how long, is the delivery's rule.
     */
    public static JmsPoolConnectionFactory create(BrokerSettings settings) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url(settings));
        if (!settings.user().isEmpty()) {
            factory.setUserName(settings.user());
            factory.setPassword(settings.password());
        }
        // None: no message is ever deserialised. Evefan's own are text and bytes; whoever may write into the broker may
        // not
        // choose a class.
        factory.setTrustAllPackages(false);
        factory.setTrustedPackages(List.of());
        RedeliveryPolicy policy = new RedeliveryPolicy();
        policy.setMaximumRedeliveries(RedeliveryPolicy.NO_MAXIMUM_REDELIVERIES);
        policy.setInitialRedeliveryDelay(ROLLED_BACK_MS);
        policy.setRedeliveryDelay(ROLLED_BACK_MS);
        factory.setRedeliveryPolicy(policy);
        factory.setConnectResponseTimeout(PATIENCE_MS);
        factory.setSendTimeout(SEND_PATIENCE_MS);
        // A batch is large: one in hand is enough.
        ActiveMQPrefetchPolicy prefetch = new ActiveMQPrefetchPolicy();
        prefetch.setQueuePrefetch(1);
        prefetch.setQueueBrowserPrefetch(10);
        factory.setPrefetchPolicy(prefetch);
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(factory);
        pool.setMaxConnections(2);
        return pool;
    }

    /**
     * A failover URL waits for its brokers for ever, which would stop whoever asks for something: {@code timeout} is for
     * messages only. It tries for about two seconds instead; the pool then makes a new connection when one is needed.
     */
    static String url(BrokerSettings settings) {
        if (settings.isEmbedded()) {
            return "vm://" + EmbeddedBroker.NAME + "?create=false";
        }
        String url = settings.url();
        if (!url.startsWith("failover:")) {
            return url;
        }
        String options = url.substring(url.lastIndexOf(')') + 1);
        StringBuilder all = new StringBuilder(url);
        for (String option : FAILOVER_OPTIONS) {
            if (!options.contains(option.substring(0, option.indexOf('=') + 1))) {
                all.append(all.indexOf("?", url.lastIndexOf(')') + 1) < 0 ? '?' : '&')
                        .append(option);
            }
        }
        return all.toString();
    }
}
