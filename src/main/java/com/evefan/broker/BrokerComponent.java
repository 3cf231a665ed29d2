package com.evefan.broker;

import jakarta.jms.ConnectionFactory;
import org.apache.camel.Exchange;
import org.apache.camel.component.activemq6.ActiveMQComponent;
import org.apache.camel.component.jms.JmsHeaderFilterStrategy;

/** Makes the component {@code activemq}; not one of a class of its own, as Camel would not find that one's options. */
public final class BrokerComponent {
    private static final String OWN = "evefan";

    private BrokerComponent() {}

    public static ActiveMQComponent create(ConnectionFactory connections) {
        ActiveMQComponent component = new ActiveMQComponent();
        component.setConnectionFactory(connections);
        component.setHeaderFilterStrategy(new OwnProperties());
        return component;
    }

    /**
     * Of a message's properties only Evefan's own become headers: others, such as {@code CamelBeanMethodName} in whatever
     * case, could steer a route, and others than Evefan can write into a broker.
     */
    private static final class OwnProperties extends JmsHeaderFilterStrategy {
        @Override
        public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
            return !name.startsWith(OWN);
        }
    }
}
