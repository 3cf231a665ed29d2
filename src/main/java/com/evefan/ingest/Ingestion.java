package com.evefan.ingest;

import com.evefan.event.EventReader;
import com.evefan.event.EventType;
import com.evefan.event.MalformedRequestException;
import com.evefan.event.ReadResult;
import com.evefan.event.RequestBody;
import com.evefan.event.RequestTooLargeException;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.jspecify.annotations.Nullable;

/** Turns a request into events; bound as {@code ingestion}. */
public final class Ingestion {
    private final Authentication authentication;
    private final Decompression decompression;
    private final EventReader reader;

    public Ingestion(Sources sources, EventReader reader, int maxRequestBytes) {
        this.authentication = new Authentication(sources);
        this.decompression = new Decompression(maxRequestBytes);
        this.reader = reader;
    }

    /**
     * Reads one request.
     *
     * @param call the last part of the path
     * @throws UnknownCallException when there is no such call (404)
     * @throws MalformedRequestException when the body is no JSON object (400)
     * @throws RequestTooLargeException when a limit is passed (413)
     * @throws UnauthorizedException when no source is named (401)
     */
    public ReadResult read(
            @Body byte @Nullable [] body,
            @Header("call") String call,
            @Header("Authorization") @Nullable String authorization,
            @Header("Content-Encoding") @Nullable String encoding,
            @Header("writeKey") @Nullable String query,
            @Header(VertxPlatformHttpConstants.REMOTE_ADDRESS) io.vertx.core.net.@Nullable SocketAddress sender)
            throws UnknownCallException, MalformedRequestException, RequestTooLargeException, UnauthorizedException {
        Optional<EventType> type = Calls.typeOf(call);
        byte[] json = decompression.decompress(body == null ? new byte[0] : body, encoding);
        RequestBody request = reader.parse(json);
        Source source = authentication.authenticate(authorization, request.writeKey(), query);
        String ip = sender == null ? null : sender.hostAddress();
        return request.read(source.name(), type, Optional.ofNullable(ip));
    }
}
