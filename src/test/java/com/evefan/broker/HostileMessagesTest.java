package com.evefan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/** What somebody may leave in an external broker: CVE-2026-40860 (objects) and CVE-2026-40453 (headers). */
class HostileMessagesTest {
    private static final AtomicBoolean DESERIALISED = new AtomicBoolean();

    private final BrokerService broker = new BrokerService();
    private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private JmsPoolConnectionFactory connections;
    private String url;

    /** Does something where it is read. */
    static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            DESERIALISED.set(true);
        }
    }

    @BeforeEach
    void start() throws Exception {
        broker.setPersistent(false);
        broker.setUseJmx(false);
        url = broker.addConnector("tcp://127.0.0.1:0").getPublishableConnectString();
        broker.start();
        connections =
                BrokerConnections.create(new BrokerSettings(url, "", "", java.nio.file.Path.of("unused"), 1 << 26));
        camel.addComponent("activemq", BrokerComponent.create(connections));
        camel.setStreamCaching(false);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // As a bean asks for it.
                from("activemq:queue:objects").process(exchange -> {
                    try {
                        refusals.add("none: " + exchange.getMessage().getBody(byte[].class));
                    } catch (RuntimeException e) {
                        refusals.add(String.valueOf(e.getMessage()));
                    }
                });
                from("activemq:queue:headers").to("mock:headers");
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
        connections.stop();
        broker.stop();
    }

    @Test
    void noObjectIsEverDeserialised() throws Exception {
        // When
        send("objects", session -> session.createObjectMessage(new Gadget()));

        // Then
        assertThat(refusals.poll(30, TimeUnit.SECONDS)).contains("Failed to extract body");
        assertThat(DESERIALISED).isFalse();
    }

    @Test
    void noPropertySteersARoute() throws Exception {
        // Given
        MockEndpoint taken = camel.getEndpoint("mock:headers", MockEndpoint.class);
        taken.expectedMessageCount(1);

        // When
        send("headers", session -> {
            Message message = session.createTextMessage("text");
            for (String name : new String[] {
                "CamelBeanMethodName",
                "camelbeanmethodname",
                "CAMELHttpUri",
                "CamelFileName",
                "CamelSqlQuery",
                "breadcrumbId",
                "org_DOT_apache_DOT_camel_DOT_x",
                "CamelJmsDestinationName",
                "CamelExecCommandExecutable",
                "Authorization"
            }) {
                message.setStringProperty(name, "hostile");
            }
            message.setStringProperty("evefanReason", "own");
            return message;
        });

        // Then
        MockEndpoint.assertIsSatisfied(30, TimeUnit.SECONDS, taken);
        Map<String, Object> headers = taken.getExchanges().get(0).getMessage().getHeaders();
        assertThat(headers).containsEntry("evefanReason", "own").doesNotContainValue("hostile");
    }

    private interface Making {
        Message message(Session session) throws JMSException;
    }

    private void send(String queue, Making making) throws JMSException {
        try (Connection connection = new ActiveMQConnectionFactory(url).createConnection();
                Session session = connection.createSession()) {
            session.createProducer(session.createQueue(queue)).send(making.message(session));
        }
    }
}
