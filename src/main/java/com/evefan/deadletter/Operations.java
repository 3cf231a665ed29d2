package com.evefan.deadletter;

import com.evefan.admin.Administration;
import com.evefan.admin.BadRequestException;
import com.evefan.broker.BrokerQueues;
import com.evefan.counters.Counters;
import com.evefan.delivery.Destinations;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.apache.camel.Message;

/** What an operator does with dead letters; bound as {@code operations}. */
public final class Operations implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SHOWN = 100;

    private final BrokerQueues broker;
    private final Counters counters;
    private final Destinations destinations;
    private final Removal removal;
    private final Replays replays;

    /** With the broker's connections, and all that counts what happens. */
    public Operations(
            ConnectionFactory connections, BrokerQueues broker, Counters counters, Destinations destinations) {
        this.broker = broker;
        this.counters = counters;
        this.destinations = destinations;
        this.removal = new Removal(connections, broker);
        this.replays = new Replays(removal, counters);
    }

    /** All dead letters, counted by destination, error and reason. */
    public byte[] list(Exchange exchange) throws JMSException, JsonProcessingException {
        TreeSet<String> names = new TreeSet<>(counters.snapshot().keySet());
        names.addAll(destinations.names());
        names.add(DeadLetters.INGEST);
        ObjectNode all = JSON.createObjectNode();
        for (String name : names) {
            Summary summary = new Summary();
            broker.browse(DeadLetters.QUEUE + name, message -> summary.add(DeadLetter.of(Removal.text(message))));
            ObjectNode own = summary.json();
            Replays.Running replay = replays.of(name);
            if (replay != null) {
                own.set("replay", json(replay));
            }
            all.set(name, own);
        }
        return answer(exchange, JSON.createObjectNode().set("deadLetters", all));
    }

    /** The dead letters of one destination that match the parameters, the oldest first. */
    public byte[] show(
            @Header("destination") String destination, @Headers Map<String, Object> headers, Exchange exchange)
            throws JMSException, JsonProcessingException, BadRequestException {
        Filter filter = Filter.of(headers);
        int limit = limit(headers, SHOWN);
        ArrayNode letters = JSON.createArrayNode();
        broker.browse(DeadLetters.QUEUE + known(destination), message -> {
            DeadLetter letter = DeadLetter.of(Removal.text(message));
            if (filter.matches(letter)) {
                letters.add(letter.json());
            }
            return letters.size() < limit;
        });
        return answer(exchange, JSON.createObjectNode().set("deadLetters", letters));
    }

    /** The same, one a line, each as it stands in its queue. */
    public byte[] export(
            @Header("destination") String destination, @Headers Map<String, Object> headers, Exchange exchange)
            throws JMSException, BadRequestException {
        Filter filter = Filter.of(headers);
        int limit = limit(headers, BrokerQueues.MOST_SHOWN);
        StringBuilder lines = new StringBuilder();
        int[] count = {0};
        broker.browse(DeadLetters.QUEUE + known(destination), message -> {
            DeadLetter letter = DeadLetter.of(Removal.text(message));
            if (filter.matches(letter)) {
                lines.append(letter.text()).append('\n');
                count[0]++;
            }
            return count[0] < limit;
        });
        typed(exchange, "application/x-ndjson; charset=utf-8");
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Delivers the dead letters that match the parameters once more. */
    public byte[] replay(
            @Header("destination") String destination, @Headers Map<String, Object> headers, Exchange exchange)
            throws JMSException, JsonProcessingException, BadRequestException, InterruptedException {
        if (destination.equals(DeadLetters.INGEST)) {
            throw new BadRequestException(
                    400, "what was not accepted cannot be replayed: export it, mend it and send it again");
        }
        if (!destinations.names().contains(destination)) {
            throw new BadRequestException(404, "there is no running destination " + destination);
        }
        return answer(exchange, json(replays.start(destination, Filter.of(headers), PATIENCE)));
    }

    /** Deletes the dead letters that match the parameters; {@code all=true} where there are no others. */
    public byte[] delete(
            @Header("destination") String destination, @Headers Map<String, Object> headers, Exchange exchange)
            throws JMSException, JsonProcessingException, BadRequestException, InterruptedException {
        Filter filter = Filter.of(headers);
        if (filter.isAll() && !"true".equals(headers.get("all"))) {
            throw new BadRequestException(400, "say which: reason, error, event, messageId, since, until, or all=true");
        }
        boolean refused = known(destination).equals(DeadLetters.INGEST);
        Deletion deletion = new Deletion(refused ? null : counters.of(destination));
        removal.run(DeadLetters.QUEUE + destination, filter, deletion);
        return answer(exchange, JSON.createObjectNode().put("deleted", deletion.deleted()));
    }

    private String known(String destination) throws BadRequestException {
        if (!destination.equals(DeadLetters.INGEST)
                && !destinations.names().contains(destination)
                && !counters.snapshot().containsKey(destination)) {
            throw new BadRequestException(404, "there is no destination " + destination);
        }
        return destination;
    }

    private static int limit(Map<String, Object> headers, int otherwise) throws BadRequestException {
        Object limit = headers.get("limit");
        try {
            int number = limit == null ? otherwise : Integer.parseInt(limit.toString());
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new BadRequestException(400, "limit must be a number from 1");
    }

    private static ObjectNode json(Replays.Running running) {
        Replay replay = running.replay();
        ObjectNode json = JSON.createObjectNode().put("moved", replay.moved()).put("finished", running.isFinished());
        if (replay.unreadable() > 0) {
            json.put("unreadable", replay.unreadable());
        }
        if (replay.isWaiting()) {
            json.put("message", "waits until the destination's retry queue is shorter");
        }
        return json;
    }

    private static byte[] answer(Exchange exchange, JsonNode json) throws JsonProcessingException {
        typed(exchange, Administration.JSON_TYPE);
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
    }

    private static void typed(Exchange exchange, String type) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, type);
    }

    @Override
    public void close() throws InterruptedException {
        replays.close();
    }
}
