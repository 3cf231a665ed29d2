package com.evefan.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files of the console, from the jar: its page at {@code /}, all else below {@code /console/}. There is nothing of this
 * Evefan in them, so everybody may have them; what they show they ask for with the token.
 */
final class ConsoleFiles {
    static final String FOLDER = "/console/";
    private static final String ROOT = "console/";
    private static final String PAGE = "index.html";

    /** Nothing but Evefan's own files, and no script or style within the page. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** What there is; a file of another kind is not served. */
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json; charset=utf-8",
            "txt", "text/plain; charset=utf-8");

    /** From other jars: where they lie there. */
    private static final Map<String, String> LIBRARIES =
            Map.of("lib/preact.js", "META-INF/resources/_static/htm/3.1.1/preact/standalone.module.js");

    /** Only those that exist: names come from outside. */
    private final Map<String, Stored> files = new ConcurrentHashMap<>();

    private record Stored(String type, String tag, Buffer plain, Buffer zipped) {}

    void serve(Router router) {
        router.get("/").handler(routing -> answer(routing, PAGE));
        router.get(FOLDER + "*")
                .handler(routing -> answer(routing, routing.request().path().substring(FOLDER.length())));
    }

    /** Whether {@code path} is one of a file, existing or not. */
    static boolean isOne(String path) {
        return path.equals("/") || path.startsWith(FOLDER);
    }

    private void answer(RoutingContext routing, String name) {
        HttpServerResponse response = routing.response();
        Optional<Stored> found = find(name);
        if (found.isEmpty()) {
            response.setStatusCode(404)
                    .putHeader("Content-Type", "application/json; charset=utf-8")
                    .end("{\"success\":false,\"error\":\"there is no such file\"}");
            return;
        }
        Stored file = found.get();
        String accepted = routing.request().getHeader("Accept-Encoding");
        // Kept by the browser, and asked for with its tag each time: a new version is seen at once.
        response.putHeader("Cache-Control", "no-cache")
                .putHeader("ETag", file.tag())
                .putHeader("Vary", "Accept-Encoding");
        if (file.tag().equals(routing.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", file.type());
        if (accepted != null && accepted.matches("(?s).*\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*")) {
            response.putHeader("Content-Encoding", "gzip").end(file.zipped());
        } else {
            response.end(file.plain());
        }
    }

    private Optional<Stored> find(String name) {
        Stored known = files.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !name.matches("[a-z0-9][a-z0-9._/-]*")) {
            return Optional.empty();
        }
        byte[] bytes = read(name);
        if (bytes == null) {
            return Optional.empty();
        }
        Stored file = new Stored(type, tag(bytes), Buffer.buffer(bytes), Buffer.buffer(zip(bytes)));
        files.put(name, file);
        return Optional.of(file);
    }

    private static byte @Nullable [] read(String name) {
        try (InputStream in =
                ConsoleFiles.class.getClassLoader().getResourceAsStream(LIBRARIES.getOrDefault(name, ROOT + name))) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            return null; // a folder
        }
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }
}
