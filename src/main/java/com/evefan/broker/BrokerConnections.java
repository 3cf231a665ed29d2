package com.evefan.broker;

import jakarta.jms.ConnectionFactory;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQPrefetchPolicy;
import org.apache.activemq.RedeliveryPolicy;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** How Evefan connects to its broker. */
public final class BrokerConnections {
    private BrokerConnections() {}

    /**
     * Pooled connections whose consumers hold back a failed message, and all behind it, for an exponentially growing
     * time, and never give up on it: how long a batch is retried is the retry queue's rule, not a number of attempts.
     */
    public static ConnectionFactory create(BrokerSettings settings) {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url(settings));
        if (!settings.user().isEmpty()) {
            factory.setUserName(settings.user());
            factory.setPassword(settings.password());
        }
        RedeliveryPolicy policy = new RedeliveryPolicy();
        policy.setMaximumRedeliveries(RedeliveryPolicy.NO_MAXIMUM_REDELIVERIES);
        policy.setInitialRedeliveryDelay(settings.firstDelay().toMillis());
        policy.setRedeliveryDelay(settings.firstDelay().toMillis());
        policy.setUseExponentialBackOff(true);
        policy.setBackOffMultiplier(2);
        policy.setMaximumRedeliveryDelay(settings.maxDelay().toMillis());
        factory.setRedeliveryPolicy(policy);
        // A batch is large: one in hand is enough.
        ActiveMQPrefetchPolicy prefetch = new ActiveMQPrefetchPolicy();
        prefetch.setQueuePrefetch(1);
        factory.setPrefetchPolicy(prefetch);
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(factory);
        pool.setMaxConnections(2);
        return pool;
    }

    private static String url(BrokerSettings settings) {
        return settings.isEmbedded() ? "vm://" + EmbeddedBroker.NAME + "?create=false" : settings.url();
    }
}
