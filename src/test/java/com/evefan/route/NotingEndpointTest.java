package com.evefan.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;

class NotingEndpointTest {
    @Test
    void notesEachMessageOfAListOnce() throws Exception {
        List<String> notes = new ArrayList<>();
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            Producer producer = new NotingEndpoint(camel.getEndpoint("log:topic"), note -> notes.add(note.toString()))
                    .createProducer();
            DefaultExchange exchange = new DefaultExchange(camel);
            List<Message> messages = new ArrayList<>();
            for (String body : List.of("one", "two")) {
                Message message = new DefaultMessage(camel);
                message.setBody(body);
                message.setHeader("kafka.KEY", "k");
                messages.add(message);
            }
            exchange.getMessage().setBody(messages);

            producer.process(exchange);
        }

        assertThat(notes).containsExactly("log://topic\nkafka.KEY: k\n\none", "log://topic\nkafka.KEY: k\n\ntwo");
    }
}
