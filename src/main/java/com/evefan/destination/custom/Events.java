package com.evefan.destination.custom;

import com.evefan.delivery.RejectedException;
import com.evefan.event.Event;
import com.evefan.event.EventBatch;
import com.evefan.event.EventCodec;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/** A batch's events, for the steps of a YAML file; bound as {@code events}. */
public final class Events {
    private static final int ALL = 100;
    private static final int HOUR_AT = "2026-11-23/".length();
    private static final int TOKEN_BYTES = 16;

    /**
     * One JSON tree for each event, in order; for {@code split}.
     *
     * @throws RejectedException when an event is no JSON
     */
    public List<JsonNode> each(@Body EventBatch batch) throws RejectedException {
        List<JsonNode> trees = new ArrayList<>(batch.size());
        for (Event event : batch.events()) {
            trees.add(EventJson.read(event.json()));
        }
        return trees;
    }

    /**
     * The first of {@code list} alone, and the rest: for an endpoint that waits for its server with every part of a body
     * anew, where a {@code split} that stops on an exception waits once.
     */
    public List<List<?>> firstAlone(@Body List<?> list) {
        return list.size() < 2 ? List.of(list) : List.of(list.subList(0, 1), list.subList(1, list.size()));
    }

    /** The events as one JSON array. */
    public byte[] array(@Body EventBatch batch) {
        ByteArrayOutputStream array = new ByteArrayOutputStream((int) batch.bytes() + batch.size() + 2);
        char separator = '[';
        for (Event event : batch.events()) {
            array.write(separator);
            // What became several values stands on several lines.
            array.writeBytes(OnEvents.withCommas(event.json()));
            separator = ',';
        }
        if (separator == '[') {
            array.write('[');
        }
        array.write(']');
        return array.toByteArray();
    }

    /** The events, one a line. */
    public byte[] lines(@Body EventBatch batch) {
        return EventCodec.encode(batch.events());
    }

    /** The events, one a line, compressed with gzip; the same events give the same bytes. */
    public byte[] zipped(@Body EventBatch batch) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(lines(batch));
        }
        return zipped.toByteArray();
    }

    /** The events as one JSON array, and {@code Content-Type} that says so; for a {@code bean} step before an HTTP call. */
    public byte[] json(@Body EventBatch batch, Exchange exchange) {
        OnEvents.sending(exchange, batch, "application/json");
        return array(batch);
    }

    /** The same in a JSON object that has nothing else, as {@code member} of it. */
    public byte[] jsonIn(@Body EventBatch batch, Exchange exchange, String member) {
        byte[] array = json(batch, exchange);
        ByteArrayOutputStream object = new ByteArrayOutputStream(array.length + member.length() + 5);
        object.writeBytes(("{\"" + member + "\":").getBytes(StandardCharsets.UTF_8));
        object.writeBytes(array);
        object.write('}');
        return object.toByteArray();
    }

    /** The events as rows, for {@code sql} with {@code batch: true}. */
    public List<Map<String, Object>> rows(@Body EventBatch batch) throws RejectedException {
        List<Map<String, Object>> rows = new ArrayList<>(batch.size());
        for (JsonNode event : each(batch)) {
            rows.add(EventJson.row(event));
        }
        return rows;
    }

    /** The events, one a line, and {@code Content-Type} that says so. */
    public byte[] ndjson(@Body EventBatch batch, Exchange exchange) {
        OnEvents.sending(exchange, batch, "application/x-ndjson");
        return lines(batch);
    }

    /**
     * The only event of a batch as a JSON object, and {@code Content-Type} that says so: for APIs that take no lists.
     *
     * @throws RejectedException when there are several: the batch is halved until there is one, in order
     */
    public byte[] object(@Body EventBatch batch, Exchange exchange) throws RejectedException {
        if (batch.size() != 1) {
            throw new RejectedException("one event at a time", "several", null);
        }
        OnEvents.sending(exchange, batch, "application/json");
        return batch.events().get(0).json();
    }

    /** The events one a line; those that are text by now, as what {@code @csv} has made, as that text. */
    public byte[] text(@Body EventBatch batch) throws RejectedException {
        StringBuilder text = new StringBuilder();
        for (Event event : batch.events()) {
            JsonNode tree = EventJson.read(event.json());
            text.append(tree.isTextual() ? tree.textValue() : tree.toString()).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A name for a batch that no other batch has: the same events have the same. */
    public String token(@Body EventBatch batch) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Event event : batch.events()) {
                digest.update(event.id().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, TOKEN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The name of a file for the batch's lines: {@code 2026-11-23/100000.123Z-500-89abcdef.ndjson}. */
    public String fileName(@Body EventBatch batch) {
        return name(batch) + ".ndjson";
    }

    /** The key of an object for the batch's lines, zipped, by day and hour: {@code events/2026-11-23/10/100000.123Z-…}. */
    public String objectKey(@Body EventBatch batch) {
        String name = name(batch);
        return "events/" + name.substring(0, HOUR_AT) + name.substring(HOUR_AT, HOUR_AT + 2) + "/"
                + name.substring(HOUR_AT) + ".ndjson.gz";
    }

    /** The same for the same events, so that what is written again under it replaces itself. */
    public String name(@Body EventBatch batch) {
        CRC32 ids = new CRC32();
        for (Event event : batch.events()) {
            ids.update(event.id().getBytes(StandardCharsets.UTF_8));
            ids.update(0);
        }
        String first = batch.events().get(0).receivedAt().toString();
        return first.substring(0, 10) + "/" + first.substring(11).replace(":", "") + "-" + batch.size() + "-"
                + Long.toHexString(ids.getValue());
    }

    /** {@code event} with one member more. */
    public JsonNode with(JsonNode event, String member, byte[] json) throws RejectedException {
        ObjectNode larger = event.deepCopy();
        larger.set(member, EventJson.read(json));
        return larger;
    }

    /** The opposite of {@link #isSampled}, for a {@code filter} whose step is {@code stop}. */
    public boolean isLeftOut(@Body JsonNode event, int percent) {
        return !isSampled(event, percent);
    }

    /**
     * Whether the event belongs to a sample of {@code percent} in a hundred users. All events of a user are in it or
     * none is, at every attempt and after every restart.
     *
     * @param percent 0 to 100
     */
    public boolean isSampled(@Body JsonNode event, int percent) {
        return sampled(event, percent);
    }

    static boolean sampled(JsonNode event, int percent) {
        JsonNode user = event.path("userId").isValueNode() ? event.path("userId") : event.path("anonymousId");
        String key = user.isValueNode() && !user.isNull()
                ? user.asText()
                : event.path("messageId").asText();
        CRC32 hash = new CRC32();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % ALL < percent;
    }
}
