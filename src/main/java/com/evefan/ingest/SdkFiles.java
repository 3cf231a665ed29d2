package com.evefan.ingest;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Segment's browser SDK, for pages that load it by the snippet. It does not come with Evefan: an operator puts its public
 * bundle into a directory. Bound as {@code sdkFiles}.
 */
public final class SdkFiles {
    /** The name of the bundle in its package. */
    private static final String BUNDLE = "standalone.js";

    /**
     * Tells the SDK that its settings are where it came from: by itself it sees that in an https URL only, and asks
     * Segment otherwise.
     */
    private static final String FROM_HERE = "(function(){var s=document.currentScript;if(!s||!s.src)return;"
            + "var k=s.getAttribute('data-global-segment-analytics-key')||'analytics',a=window[k];"
            + "if(a&&!a._cdn){var u=new URL(s.src),i=u.pathname.indexOf('/analytics.js/v1/');"
            + "a._cdn=u.origin+(i>0?u.pathname.slice(0,i):'')}})();\n";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\.js");
    /** More than the package has files. */
    private static final int MOST = 100;

    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String FIVE_MINUTES = "public, max-age=300";
    /** The name of such a file changes with its content. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final Path directory;
    private final Sources sources;
    private final Map<String, File> files = new ConcurrentHashMap<>();

    /** One as it is sent. */
    @SuppressWarnings("ArrayRecordComponent") // never written to
    private record File(long modified, byte[] plain, byte[] zipped, String tag) {}

    /** There is no such file; the message says how to get it. */
    static final class NoSuchFileException extends Exception {
        NoSuchFileException(String message) {
            super(message);
        }
    }

    /** @param directory the {@code dist/umd} of {@code @segment/analytics-next}; need not be there */
    public SdkFiles(Path directory, Sources sources) {
        this.directory = directory;
        this.sources = sources;
    }

    /**
     * The bundle for the source whose write key stands in the path: {@code /analytics.js/v1/{writeKey}/analytics.min.js}.
     *
     * @throws UnknownWriteKeyException when it is none (404)
     * @throws NoSuchFileException when the bundle was not fetched (404)
     */
    public byte[] bundle(Exchange exchange) throws UnknownWriteKeyException, NoSuchFileException, IOException {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        String[] parts = request.path().split("/", -1);
        String key = SdkSettings.decoded(parts[parts.length - 2]);
        String file = parts[parts.length - 1];
        if (sources.of(key).isEmpty()) {
            throw new UnknownWriteKeyException();
        }
        if (!file.equals("analytics.min.js") && !file.equals("analytics.js")) {
            throw new NoSuchFileException("there is no " + file + "; the SDK is analytics.min.js");
        }
        return answer(exchange, request, BUNDLE, FIVE_MINUTES);
    }

    /**
     * A part that the bundle loads later.
     *
     * @throws NoSuchFileException when there is none (404)
     */
    public byte[] part(Exchange exchange) throws NoSuchFileException, IOException {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        String name = request.path().substring(request.path().lastIndexOf('/') + 1);
        return answer(exchange, request, name, FOR_EVER);
    }

    private byte[] answer(Exchange exchange, HttpServerRequest request, String name, String caching)
            throws NoSuchFileException, IOException {
        File file = file(name);
        Message message = exchange.getMessage();
        message.setHeader("Cache-Control", caching);
        message.setHeader("ETag", file.tag);
        // Cors has set the first; this takes its place.
        message.setHeader("Vary", "Origin, Accept-Encoding");
        message.setHeader(Exchange.CONTENT_TYPE, JAVASCRIPT);
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known != null && List.of(known.replace("W/", "").split("\\s*,\\s*")).contains(file.tag)) {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
            return new byte[0];
        }
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted != null && accepted.matches("(?i)(.*,\\s*)?gzip(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*")) {
            message.setHeader("Content-Encoding", "gzip");
            return file.zipped;
        }
        return file.plain;
    }

    private File file(String name) throws NoSuchFileException, IOException {
        Path path = directory.resolve(name);
        if (!NAME.matcher(name).matches() || !Files.isRegularFile(path)) {
            throw new NoSuchFileException("the SDK is not in " + directory
                    + "; fetch it, in Evefan's directory: bin/fetch-sdk (docs/sdks.md)");
        }
        long modified = Files.getLastModifiedTime(path).toMillis();
        File known = files.get(name);
        if (known != null && known.modified == modified) {
            return known;
        }
        if (files.size() >= MOST) {
            files.clear();
        }
        File file = read(path, name, modified);
        files.put(name, file);
        return file;
    }

    private static File read(Path path, String name, long modified) throws IOException {
        byte[] plain = Files.readAllBytes(path);
        if (name.equals(BUNDLE)) {
            plain = (FROM_HERE + new String(plain, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        return new File(modified, plain, zipped.toByteArray(), '"' + hash(plain) + '"');
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
