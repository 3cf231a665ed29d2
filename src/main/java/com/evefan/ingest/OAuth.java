package com.evefan.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.jspecify.annotations.Nullable;

/**
 * OAuth 2.0 for servers, as Segment's SDKs speak it: one proves with its private key who it is (RFC 7523), is given an
 * access token for a day, and sends it as {@code Authorization: Bearer}. The client is the source, by its name. Nothing is
 * kept: the secret that tokens are signed with is derived from the administrator's and the source's key, so that they
 * outlive a restart and end when one of these is another. Bound as {@code oauth}.
 */
public final class OAuth {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int DAY_SECONDS = 86_400;
    /** How long an assertion may be good for, in seconds; Segment's SDKs say a minute. */
    private static final int LONGEST_ASSERTION = 300;

    private static final int LEEWAY_SECONDS = 10;
    private static final int LONGEST_TOKEN = 4_096;
    private static final int MOST_REMEMBERED = 10_000;
    private static final int ROUNDS = 100_000;
    private static final int KEY_BITS = 256;
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final Sources sources;
    private final PublicUrl url;
    private final Callable<String> secret;
    private final Clock clock;
    private final Map<String, JWTAuth> clients = new HashMap<>();
    private final Map<String, JWTAuth> tokens = new ConcurrentHashMap<>();
    /** Assertions that were used, until they end. */
    private final Map<String, Instant> used = new LinkedHashMap<>();

    /** What the endpoint refuses, in the words of RFC 6749. */
    private static final class RefusedException extends Exception {
        private final int status;
        private final String code;

        RefusedException(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    /**
     * @param secret the administrator's; asked for when the first token is
     * @throws IllegalArgumentException when a source's key is none
     */
    public OAuth(Sources sources, HttpSettings http, TrustedProxies proxies, Callable<String> secret, Clock clock) {
        this.sources = sources;
        this.url = new PublicUrl(http, proxies);
        this.secret = secret;
        this.clock = clock;
        for (Source source : sources.all()) {
            if (!source.oauth().key().isEmpty()) {
                clients.put(source.name(), client(source));
            }
        }
        if (!clients.isEmpty()) {
            sources.authenticateBy(this);
        }
    }

    private static JWTAuth client(Source source) {
        try {
            return jwt(new PubSecKeyOptions()
                    .setAlgorithm("RS256")
                    .setBuffer(source.oauth().key()));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "evefan.source." + source.name() + ".oauth-key is no RSA public key in PEM: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("NullAway") // a Vertx is wanted for key stores only
    private static JWTAuth jwt(PubSecKeyOptions key) {
        return JWTAuth.create(
                (Vertx) null,
                new JWTAuthOptions().addPubSecKey(key).setJWTOptions(new JWTOptions().setLeeway(LEEWAY_SECONDS)));
    }

    /** Answers {@code POST /token}: an access token for a client assertion. */
    public byte[] token(Exchange exchange) throws Exception {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        byte[] body = exchange.getMessage().getBody(byte[].class);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader(Exchange.CONTENT_TYPE, Answers.JSON_TYPE);
        message.setHeader("Cache-Control", "no-store");
        // By it SDKs set their clock right.
        message.setHeader(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.instant().atZone(ZoneOffset.UTC)));
        try {
            Source source = client(body == null ? new byte[0] : body, url.of(request));
            return write(JSON.createObjectNode()
                    .put("access_token", issue(source))
                    .put("token_type", "Bearer")
                    .put("expires_in", DAY_SECONDS)
                    .put("scope", "tracking_api:write"));
        } catch (RefusedException e) {
            sources.refusals().add(e.status, "");
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, e.status);
            return write(JSON.createObjectNode().put("error", e.code).put("error_description", e.getMessage()));
        }
    }

    private static byte[] write(ObjectNode json) throws JsonProcessingException {
        return JSON.writeValueAsBytes(json);
    }

    private Source client(byte[] body, Optional<String> audience) throws RefusedException {
        Map<String, String> form = form(new String(body, StandardCharsets.UTF_8));
        if (!"client_credentials".equals(form.get("grant_type"))) {
            throw new RefusedException(400, "unsupported_grant_type", "grant_type must be client_credentials");
        }
        if (!ASSERTION_TYPE.equals(form.get("client_assertion_type"))) {
            throw new RefusedException(400, "invalid_request", "client_assertion_type must be " + ASSERTION_TYPE);
        }
        String assertion = form.getOrDefault("client_assertion", "");
        for (Source source : sources.all()) {
            JWTAuth client = clients.get(source.name());
            JsonObject claims = client == null || !source.enabled() ? null : verified(client, assertion);
            if (claims != null && source.name().equals(claims.getValue("sub"))) {
                check(claims, audience);
                return source;
            }
        }
        throw new RefusedException(
                401,
                "invalid_client",
                "client_assertion must be a JWT that is good now, signed by RS256 with the private key of the source"
                        + " that sub names");
    }

    private void check(JsonObject claims, Optional<String> audience) throws RefusedException {
        long now = clock.instant().getEpochSecond();
        long ends = claims.getValue("exp") instanceof Number number ? number.longValue() : Long.MAX_VALUE;
        if (ends > now + LONGEST_ASSERTION) {
            throw new RefusedException(
                    401,
                    "invalid_client",
                    "the assertion's exp must be at most " + LONGEST_ASSERTION + " seconds away");
        }
        String meant = String.valueOf(claims.getValue("aud"));
        if (audience.isPresent() && !audience.get().equals(meant.replaceFirst("/$", ""))) {
            throw new RefusedException(
                    401, "invalid_client", "the assertion's aud must be " + audience.get() + ", was " + meant);
        }
        String id = claims.getValue("jti") instanceof String text ? text : "";
        if (id.isEmpty()) {
            throw new RefusedException(401, "invalid_client", "the assertion must have a jti");
        }
        if (!isNew(claims.getValue("sub") + " " + id, Instant.ofEpochSecond(ends + LEEWAY_SECONDS))) {
            throw new RefusedException(401, "invalid_client", "the assertion was used before");
        }
    }

    private synchronized boolean isNew(String id, Instant ends) {
        Instant now = clock.instant();
        used.values().removeIf(end -> end.isBefore(now));
        return used.size() < MOST_REMEMBERED && used.put(id, ends) == null;
    }

    private static Map<String, String> form(String body) throws RefusedException {
        Map<String, String> form = new HashMap<>();
        for (String part : body.split("&", -1)) {
            String[] pair = part.split("=", 2);
            try {
                String name = URLDecoder.decode(pair[0], StandardCharsets.UTF_8);
                form.put(name, pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new RefusedException(400, "invalid_request", "the body must be a form in percent-encoded UTF-8");
            }
        }
        return form;
    }

    private String issue(Source source) throws Exception {
        return signer(source)
                .generateToken(
                        new JsonObject().put("sub", source.name()),
                        new JWTOptions().setAlgorithm("HS256").setExpiresInSeconds(DAY_SECONDS));
    }

    /** The source that {@code token} was issued to and is good for; empty for none. */
    Optional<Source> sourceOf(String token) {
        if (token.length() <= LONGEST_TOKEN) {
            for (Source source : sources.all()) {
                if (clients.containsKey(source.name()) && source.enabled() && isIssuedTo(source, token)) {
                    return Optional.of(source);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isIssuedTo(Source source, String token) {
        try {
            JsonObject claims = verified(signer(source), token);
            return claims != null && source.name().equals(claims.getValue("sub"));
        } catch (Exception e) {
            throw new IllegalStateException("access tokens cannot be checked: " + e.getMessage(), e);
        }
    }

    private JWTAuth signer(Source source) throws Exception {
        JWTAuth known = tokens.get(source.name());
        if (known == null) {
            known = jwt(new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(derived(secret.call(), source)));
            tokens.put(source.name(), known);
        }
        return known;
    }

    /** Slow on purpose, once for each source: the administrator's secret may be one that a person has chosen. */
    private static String derived(String secret, Source source) throws GeneralSecurityException {
        byte[] salt =
                ("evefan access token " + source.name() + " " + source.oauth().key()).getBytes(StandardCharsets.UTF_8);
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), salt, ROUNDS, KEY_BITS);
        return HexFormat.of()
                .formatHex(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                        .generateSecret(spec)
                        .getEncoded());
    }

    /** The claims of {@code jwt}; null where it is none, was signed by another, or is over. They are known at once. */
    private static @Nullable JsonObject verified(JWTAuth by, String jwt) {
        Future<User> user = by.authenticate(new TokenCredentials(jwt));
        return user.succeeded() ? user.result().attributes().getJsonObject("accessToken") : null;
    }
}
