package com.evefan.management;

import com.evefan.management.Tokens.Holder;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed in with a browser: a cookie that scripts of pages cannot read and other sites cannot send stands for the
 * token. Bounded in time, and in number for each token, of which the oldest goes first; a stop of Evefan ends all.
 * Thread-safe.
 */
public final class Sessions {
    /** The header that pages of other sites cannot send: a change that is asked for by cookie has to have it. */
    static final String HEADER = "Evefan-Console";

    static final int MOST = 200;
    static final Duration LIFE = Duration.ofHours(12);
    private static final int BYTES = 24;

    private final String cookie;
    private final boolean secure;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** The oldest first. */
    private final Map<String, Session> open = new LinkedHashMap<>();

    /** Cookies do not tell ports apart, so the name does: two Evefans on one machine do not sign each other out. */
    Sessions(ManagementSettings settings, Clock clock) {
        this.cookie = "evefan-session-" + settings.port();
        this.secure = settings.tls().enabled();
        this.clock = clock;
    }

    /** One that is signed in. */
    record Session(Holder holder, Instant until) {}

    /** Signs {@code holder} in; answered with the cookie. */
    Session begin(Holder holder, HttpServerRequest request) {
        synchronized (open) {
            open.remove(id(request));
        }
        String id = begin(holder);
        request.response().addCookie(cookie(id).setMaxAge(LIFE.toSeconds()));
        return new Session(holder, clock.instant().plus(LIFE));
    }

    /** A new session's id. */
    String begin(Holder holder) {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        synchronized (open) {
            List<String> same = open.entrySet().stream()
                    .filter(one -> one.getValue().holder() == holder)
                    .map(Map.Entry::getKey)
                    .toList();
            if (same.size() >= MOST) {
                open.remove(same.get(0));
            }
            open.put(text, new Session(holder, clock.instant().plus(LIFE)));
        }
        return text;
    }

    /** The session that {@code request} names; null where there is none, or not any more. */
    @Nullable
    Session of(HttpServerRequest request) {
        return of(id(request));
    }

    @Nullable
    Session of(String id) {
        synchronized (open) {
            Session session = open.get(id);
            if (session != null && !clock.instant().isBefore(session.until())) {
                open.remove(id);
                return null;
            }
            return session;
        }
    }

    /** Whether what was asked for with {@code request} some time ago may go on: a session may have ended meanwhile. */
    public boolean goesOn(HttpServerRequest request) {
        return request.getHeader("Authorization") != null || of(request) != null;
    }

    /** Whether {@code request} names a session, also one that has ended: a browser that signs in with a page of its own. */
    boolean isNamedIn(HttpServerRequest request) {
        return !id(request).isEmpty();
    }

    void end(HttpServerRequest request) {
        synchronized (open) {
            open.remove(id(request));
        }
        request.response().addCookie(cookie("").setMaxAge(0));
    }

    private String id(HttpServerRequest request) {
        Cookie named = request.getCookie(cookie);
        return named == null ? "" : named.getValue();
    }

    Cookie cookie(String value) {
        return Cookie.cookie(cookie, value)
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT)
                .setPath("/")
                .setSecure(secure);
    }
}
