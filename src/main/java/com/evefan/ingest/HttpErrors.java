package com.evefan.ingest;

import com.evefan.event.MalformedRequestException;
import com.evefan.event.RequestTooLargeException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** What the server answers where no route comes to it, in the shape of every error. */
final class HttpErrors {
    private final Sources sources;

    HttpErrors(Sources sources) {
        this.sources = sources;
    }

    void on(Router router, HttpSettings settings) {
        on(router, 400, "the request's path or query cannot be read");
        on(router, 401, Authentication.REQUIRED);
        on(router, 404, "there is nothing here; events go to POST /v1/track, /v1/batch and their likes");
        on(router, 405, "not with this method; events are sent with POST, settings and pixels fetched with GET");
        on(
                router,
                408,
                "the request did not come in whole within "
                        + settings.requestTimeout().toMillis() + " ms");
        on(router, 413, "a request may have " + settings.maxRequestBytes() + " bytes at most");
        on(router, 415, Decompression.UnknownEncodingException.MESSAGE);
        on(router, 500, Answers.INTERNAL);
        on(router, 503, "too many large requests at once; try again in " + Answers.RETRY_AFTER_SECONDS + " s");
    }

    private void on(Router router, int status, String error) {
        byte[] body = Answers.error(error);
        Handler<RoutingContext> handler = routing -> {
            if (status == 400 && isPixel(routing.request())) {
                routing.response().putHeader(HttpHeaders.CONTENT_TYPE, Answers.GIF_TYPE);
                routing.response().end(Buffer.buffer(Answers.GIF));
            } else {
                answer(routing.request(), status, of(routing.failure(), body));
            }
        };
        router.errorHandler(status, handler);
    }

    /** What the sender is told by a failure that is his, or else {@code body}. */
    private static byte[] of(@Nullable Throwable failure, byte[] body) {
        if (failure instanceof MalformedRequestException || failure instanceof RequestTooLargeException) {
            return Answers.error(failure.getMessage());
        }
        return body;
    }

    private static boolean isPixel(HttpServerRequest request) {
        String uri = request.uri();
        return uri.startsWith("/v1/pixel/") || uri.startsWith("/pixel/v1/");
    }

    private void answer(HttpServerRequest request, int status, byte[] body) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        sources.refusals().add(status, status == 404 ? "" : Authentication.ofHead(request, sources));
        if (status == 405) {
            response.putHeader("Allow", "GET, POST, OPTIONS");
        }
        if (status == 503) {
            response.putHeader("Retry-After", String.valueOf(Answers.RETRY_AFTER_SECONDS));
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Answers.JSON_TYPE)
                .end(Buffer.buffer(body));
    }

    /** A body whose length nobody can tell: what follows it cannot be read either (RFC 9112, section 6.1). */
    void unknownCoding(HttpServerRequest request) {
        end(request, 501, "Transfer-Encoding must be chunked or missing; a packed body says so in Content-Encoding");
    }

    private void end(HttpServerRequest request, int status, String error) {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        if (!request.response().ended()) {
            sources.refusals().add(status, "");
            request.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Answers.JSON_TYPE)
                    .end(Buffer.buffer(Answers.error(error)));
        }
        request.connection().close();
    }

    /** What is no HTTP, or too much of it: there is nothing to go on with. */
    void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException || cause instanceof TooLongFrameException ? 431 : 400;
        String error = switch (status) {
            case 414 -> "the request's URL is too long";
            case 431 -> "the request's headers are too large";
            default -> "this is not HTTP as we know it";
        };
        end(request, status, error);
    }
}
