package com.evefan.ingest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * The one form in which a path may be asked for (RFC 3986, 6.2.2). Whoever decides about a request and whoever dispatches it
 * may read another form differently: {@code /a/%2e%2e/b} is {@code /b} for one and {@code /a/...} for the other. Both
 * ports refuse it before anything else looks at the request.
 */
public final class NormalForm {
    private static final Buffer REFUSAL =
            Buffer.buffer(Answers.error("the path is not in its normal form: it begins with"
                    + " one slash, has no segment that is empty, . or .., no ; and no \\, and nothing percent-encoded that need not"
                    + " or may not be"));
    private static final String UNRESERVED_MARKS = "-._~";
    /** Allowed as they are beside letters and digits; {@code ;} is not, as some cut a segment there. */
    private static final String MARKS = UNRESERVED_MARKS + "!$&'()*+,=:@/";
    /** Whoever decodes these once more than another sees another path. */
    private static final String NEVER_ENCODED = UNRESERVED_MARKS + "/\\%;";

    private NormalForm() {}

    /** Whether {@code request} was answered: 400, as its path is in another form. */
    public static boolean refuses(HttpServerRequest request) {
        if (is(request.uri())) {
            return false;
        }
        request.response()
                .setStatusCode(400)
                .putHeader(HttpHeaders.CONTENT_TYPE, Answers.JSON_TYPE)
                .end(REFUSAL.copy());
        return true;
    }

    /**
     * Whether the path of a request line is in normal form.
     *
     * @param target what stands there: path and query; what follows the {@code ?} is not looked at
     */
    static boolean is(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        if (end == 0 || target.charAt(0) != '/') {
            return false;
        }
        int segment = 1;
        for (int i = 1; i < end; i++) {
            char c = target.charAt(i);
            if (c == '/') {
                if (isEmptyOrDots(target, segment, i)) {
                    return false;
                }
                segment = i + 1;
            } else if (c == '%') {
                if (!isEncoded(target, i, end)) {
                    return false;
                }
                i += 2;
            } else if (!isLetterOrDigit(c) && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return segment == end || !isEmptyOrDots(target, segment, end);
    }

    private static boolean isEmptyOrDots(String target, int begin, int end) {
        int length = end - begin;
        return length == 0
                || length == 1 && target.charAt(begin) == '.'
                || length == 2 && target.startsWith("..", begin);
    }

    /** Whether {@code %XX} stands at {@code at}, in upper case, for something that cannot stand for itself. */
    private static boolean isEncoded(String target, int at, int end) {
        int high = at + 2 < end ? hex(target.charAt(at + 1)) : -1;
        int low = high < 0 ? -1 : hex(target.charAt(at + 2));
        char decoded = (char) (high << 4 | low);
        return low >= 0
                && decoded >= ' '
                && decoded != 0x7F
                && !isLetterOrDigit(decoded)
                && NEVER_ENCODED.indexOf(decoded) < 0;
    }

    private static int hex(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
