package com.evefan.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.net.SocketAddress;
import jakarta.jms.JMSException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeException;
import org.apache.camel.Header;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in whoever may administrate; bound as {@code administration}. */
public final class Administration {
    /** The content type of every answer. */
    public static final String JSON_TYPE = "application/json; charset=utf-8";

    private static final Logger LOG = LoggerFactory.getLogger(Administration.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final byte[] token;

    public Administration(AdminSettings settings) {
        token = settings.token().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns when the caller may go on: who names the token, as Bearer or as user or password of Basic; without a token,
     * programs on this machine, but no web page open on it and nobody behind a proxy on it.
     *
     * @throws ForbiddenException when it may not
     */
    public void authorize(
            @Header("Authorization") @Nullable String authorization,
            @Header("Host") @Nullable String host,
            @Header("Origin") @Nullable String origin,
            @Header("X-Forwarded-For") @Nullable String forwardedFor,
            @Header("Forwarded") @Nullable String forwarded,
            @Header(VertxPlatformHttpConstants.REMOTE_ADDRESS) @Nullable SocketAddress caller)
            throws ForbiddenException {
        if (token.length > 0) {
            if (authorization == null || !namesToken(authorization)) {
                throw new ForbiddenException(
                        "the value of evefan.admin.token is required, as: Authorization: Bearer …");
            }
        } else if (!isLoopback(caller)
                || forwardedFor != null
                || forwarded != null
                || origin != null
                || (host != null && !isLocal(host))) {
            throw new ForbiddenException("without evefan.admin.token only programs on Evefan's machine may do this");
        }
    }

    private boolean namesToken(String authorization) {
        int space = authorization.indexOf(' ');
        String scheme = space < 0 ? "" : authorization.substring(0, space);
        String rest = authorization.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("bearer")) {
            return isToken(rest);
        }
        if (!scheme.equalsIgnoreCase("basic")) {
            return false;
        }
        try {
            String credentials = new String(Base64.getDecoder().decode(rest), StandardCharsets.UTF_8);
            int colon = credentials.indexOf(':');
            return colon < 0
                    ? isToken(credentials)
                    : isToken(credentials.substring(0, colon)) || isToken(credentials.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private boolean isToken(String text) {
        return MessageDigest.isEqual(token, text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isLoopback(@Nullable SocketAddress caller) {
        try {
            return caller != null
                    && caller.hostAddress() != null
                    && InetAddress.getByName(caller.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** A web page may have made its own name point to this machine. */
    private static boolean isLocal(String host) {
        String name = host.replaceFirst(":\\d+$", "");
        return name.equalsIgnoreCase("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
    }

    /** Answers a request that could not be done. */
    public byte[] failed(@ExchangeException Exception failure, Exchange exchange) throws Exception {
        int status = status(failure);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, JSON_TYPE);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        if (status == 401) {
            message.setHeader("WWW-Authenticate", "Bearer realm=\"evefan\"");
        }
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
        if (failure instanceof ForbiddenException) {
            return 401;
        }
        if (failure instanceof ApiException bad) {
            return bad.status();
        }
        return failure instanceof JMSException ? 503 : 500;
    }
}
