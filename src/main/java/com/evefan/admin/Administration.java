package com.evefan.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.jms.JMSException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what could not be done; bound as {@code administration}. */
public final class Administration {
    /** The content type of every answer. */
    public static final String JSON_TYPE = "application/json; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);
    private static final JsonMapper JSON = new JsonMapper();

    /** Answers a request that could not be done. */
    public byte[] failed(@ExchangeException Exception failure, Exchange exchange) throws Exception {
        int status = status(failure);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, JSON_TYPE);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        String error = failure.getMessage();
        if (status == 503) {
            error = "the broker cannot be reached";
        } else if (status == 500) {
            LOG.error("An administrator's request failed in a way that nobody foresaw", failure);
            error = "internal error; the log of Evefan says more";
        }
        return JSON.writeValueAsBytes(
                JSON.createObjectNode().put("success", false).put("error", error));
    }

    private static int status(Exception failure) {
        if (failure instanceof ApiException bad) {
            return bad.status();
        }
        if (failure instanceof UnsupportedOperationException) {
            return 501; // the journal in Kafka cannot; its message says so
        }
        return failure instanceof JMSException ? 503 : 500;
    }
}
