package com.evefan.ingest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where SDKs reach this Evefan: as the setting says, or as they reached it for this request. What a proxy says of the
 * address that it was called by is believed where the proxy is trusted.
 */
final class PublicUrl {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+(:\\d+)?|\\[[0-9a-fA-F:.]+](:\\d+)?");

    private final String configured;
    private final String events;
    private final TrustedProxies proxies;

    PublicUrl(HttpSettings settings, TrustedProxies proxies) {
        this.configured = settings.publicUrl();
        this.events = settings.pathAliases().entrySet().stream()
                .filter(alias -> alias.getValue().equals("/v1"))
                .map(alias -> alias.getKey())
                .findFirst()
                .orElse("/v1");
        this.proxies = proxies;
    }

    /** The URL without a path; empty where the request does not say. */
    Optional<String> of(HttpServerRequest request) {
        if (!configured.isEmpty()) {
            return Optional.of(configured);
        }
        SocketAddress peer = request.connection().remoteAddress();
        boolean trusted = peer != null && proxies.contain(peer.hostAddress());
        String host = trusted ? first(request.getHeader("X-Forwarded-Host")) : null;
        HostAndPort authority = request.authority();
        if (host == null && authority != null) {
            host = authority.toString();
        }
        String scheme = trusted ? first(request.getHeader("X-Forwarded-Proto")) : null;
        boolean tls = scheme == null ? request.isSSL() : scheme.equalsIgnoreCase("https");
        return host == null || !HOST.matcher(host).matches()
                ? Optional.empty()
                : Optional.of((tls ? "https://" : "http://") + host);
    }

    /** The path below which events are sent: {@code /v1}, or its alias. */
    String events() {
        return events;
    }

    private static @Nullable String first(@Nullable String header) {
        return header == null ? null : header.split(",", 2)[0].strip();
    }
}
