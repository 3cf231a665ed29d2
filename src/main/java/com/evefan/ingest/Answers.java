package com.evefan.ingest;

import com.evefan.event.Invalid;
import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import com.evefan.event.Warning;
import com.evefan.ingest.Decompression.UnknownEncodingException;
import com.evefan.journal.JournalException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a request is answered, always a JSON object: SDKs take an empty 200 for a network error and send again. Bound as
 * {@code answers}.
 */
public final class Answers {
    /** How long a sender is asked to wait when Evefan cannot take more, in seconds. */
    static final int RETRY_AFTER_SECONDS = 5;

    static final String JSON_TYPE = "application/json; charset=utf-8";

    static final String GIF_TYPE = "image/gif";
    static final String INTERNAL = "internal error; the log of Evefan says more";

    /** In one answer. */
    private static final int MOST_WARNINGS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] SUCCESS = "{\"success\":true}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] TWICE = error("an event of this request came twice at once and could not be kept");
    /** One transparent point. */
    static final byte[] GIF = Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private final Sources sources;
    private final Refusals refusals;

    public Answers(Sources sources) {
        this.sources = sources;
        this.refusals = sources.refusals();
    }

    /**
     * Answers a request whose new events are durable.
     *
     * @return the answer; completed later where another request has brought some of the same events at the same time, and
     *     503 where that failed to make them durable
     */
    public CompletionStage<byte[]> accepted(
            @ExchangeProperty(Admission.PROPERTY) Admission admission, Exchange exchange) {
        return admission
                .keep()
                .thenApply(kept -> kept ? success(admission, exchange.getMessage()) : again(exchange.getMessage()));
    }

    private static byte[] again(Message message) {
        message.setHeader(Exchange.CONTENT_TYPE, JSON_TYPE);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, 503);
        tellWhen(503, message);
        return TWICE;
    }

    private byte[] success(Admission admission, Message message) {
        message.setHeader(Exchange.CONTENT_TYPE, JSON_TYPE);
        if (admission.invalid().isEmpty() && admission.warnings().isEmpty()) {
            return SUCCESS;
        }
        boolean anyGood = admission.succeeded();
        if (!anyGood) {
            refusals.add(400, admission.source());
        }
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, anyGood ? 200 : 400);
        ObjectNode answer = JSON.createObjectNode().put("success", anyGood);
        if (!anyGood) {
            answer.put("error", admission.invalid().get(0).error());
        }
        if (!admission.invalid().isEmpty()) {
            answer.set("rejected", rejected(admission.invalid()));
        }
        warnings(admission.warnings(), answer);
        return bytes(answer);
    }

    /** The first of them: one mistake of a sender is in each of its events. */
    private static void warnings(List<Warning> warnings, ObjectNode answer) {
        if (warnings.isEmpty()) {
            return;
        }
        ArrayNode list = answer.putArray("warnings");
        for (Warning warning : warnings.subList(0, Math.min(MOST_WARNINGS, warnings.size()))) {
            list.addObject()
                    .put("index", warning.index())
                    .put("messageId", warning.messageId())
                    .put("warning", warning.cause().text());
        }
        if (warnings.size() > MOST_WARNINGS) {
            answer.put("moreWarnings", warnings.size() - MOST_WARNINGS);
        }
    }

    /** Answers a pixel whose event is durable, or is none: with an image that nobody sees. */
    public CompletionStage<byte[]> pixel(@ExchangeProperty(Admission.PROPERTY) Admission admission, Exchange exchange) {
        return admission.keep().thenApply(kept -> image(kept ? 200 : 503, exchange.getMessage()));
    }

    /** Answers a pixel that was not taken: an image too, as there is nobody to read an error. */
    public byte[] pixelFailed(@ExchangeException Exception failure, Exchange exchange) {
        int status = status(failure);
        Message message = exchange.getMessage();
        refusals.add(status, source(exchange));
        logUnforeseen(failure, status);
        tellWhen(failure, message);
        return image(status == 503 || status == 429 ? status : 200, message);
    }

    private static byte[] image(int status, Message message) {
        tellWhen(status, message);
        message.setHeader(Exchange.CONTENT_TYPE, GIF_TYPE);
        message.setHeader("Cache-Control", "no-store");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        return GIF;
    }

    /** Answers a request that was not taken. */
    public byte[] failed(@ExchangeException Exception failure, Exchange exchange) {
        int status = status(failure);
        Message message = exchange.getMessage();
        refusals.add(status, source(exchange));
        message.setHeader(Exchange.CONTENT_TYPE, JSON_TYPE);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        tellWhen(failure, message);
        tellWhen(status, message);
        logUnforeseen(failure, status);
        return error(status == 500 ? INTERNAL : failure.getMessage());
    }

    /** The source that was found before the request failed, or else the one that its head names. */
    private String source(Exchange exchange) {
        Object sender = exchange.getProperty(Sender.PROPERTY);
        if (sender != null) {
            return sender.toString();
        }
        return exchange.getMessage() instanceof HttpMessage message
                ? Authentication.ofHead(message.getRequest(), sources)
                : "";
    }

    private static void tellWhen(Exception failure, Message message) {
        if (failure instanceof RateLimitedException limited) {
            message.setHeader("Retry-After", limited.seconds());
        }
    }

    private static void tellWhen(int status, Message message) {
        if (status == 503) {
            message.setHeader("Retry-After", RETRY_AFTER_SECONDS);
        }
    }

    private static void logUnforeseen(Exception failure, int status) {
        if (status == 500) {
            LOG.error("A request failed in a way that nobody foresaw", failure);
        }
    }

    /** The body of every error. */
    static byte[] error(@Nullable String error) {
        return bytes(JSON.createObjectNode().put("success", false).put("error", error));
    }

    private static int status(Exception failure) {
        if (failure instanceof MalformedRequestException) {
            return 400;
        }
        if (failure instanceof UnauthorizedException) {
            return 401;
        }
        if (failure instanceof ForbiddenException) {
            return 403;
        }
        if (failure instanceof UnknownCallException
                || failure instanceof UnknownWriteKeyException
                || failure instanceof SdkFiles.NoSuchFileException) {
            return 404;
        }
        if (failure instanceof RequestTooLargeException) {
            return 413;
        }
        if (failure instanceof UnknownEncodingException) {
            return 415;
        }
        if (failure instanceof RateLimitedException) {
            return 429;
        }
        return failure instanceof JournalException ? 503 : 500;
    }

    private static ArrayNode rejected(List<Invalid> invalid) {
        ArrayNode rejected = JSON.createArrayNode();
        for (Invalid event : invalid) {
            ObjectNode entry = rejected.addObject().put("index", event.index());
            if (event.messageId() != null) {
                entry.put("messageId", event.messageId());
            }
            entry.put("error", event.error());
        }
        return rejected;
    }

    private static byte[] bytes(ObjectNode answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
        }
    }
}
