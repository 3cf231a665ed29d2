package com.evefan.destination.mixpanel;

import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a page's address, spelled as browsers spell them. Lenient where {@link java.net.URI} throws: what pages
 * report as their address is often not one by the letter.
 *
 * @param protocol with the colon: {@code https:}
 * @param host without user and port, in ASCII
 * @param path percent-encoded, {@code /} at least
 * @param search with the question mark; empty where there is none
 */
record WebAddress(String protocol, String host, String path, String search) {

    /** The parts of {@code url}, or null where it is not an absolute address with a host. */
    static @Nullable WebAddress of(String url) {
        int colon = url.indexOf("://");
        if (colon < 1 || !isScheme(url.substring(0, colon))) {
            return null;
        }
        int start = colon + 3;
        int end = first(url, start, "/?#");
        String host = host(url.substring(start, end));
        if (host == null) {
            return null;
        }
        int question = first(url, end, "?#");
        int hash = first(url, question, "#");
        String path = question > end ? url.substring(end, question) : "/";
        String search = hash - question > 1 ? url.substring(question, hash) : "";
        return new WebAddress(url.substring(0, colon + 1).toLowerCase(Locale.ROOT), host, encode(path), encode(search));
    }

    private static boolean isScheme(String scheme) {
        for (int i = 0; i < scheme.length(); i++) {
            char c = scheme.charAt(i);
            boolean letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
            boolean other = i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.');
            if (!letter && !other) {
                return false;
            }
        }
        return true;
    }

    private static int first(String text, int from, String any) {
        for (int i = from; i < text.length(); i++) {
            if (any.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static @Nullable String host(String authority) {
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int port = host.startsWith("[") ? host.indexOf("]:") + 1 : host.indexOf(':');
        host = port > 0 ? host.substring(0, port) : host;
        if (host.isEmpty() || host.indexOf(' ') >= 0) {
            return null;
        }
        try {
            return host.startsWith("[") ? host : IDN.toASCII(host).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String encode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b != '"' && b != '<' && b != '>' && b != 0x7f) {
                out.write(b);
            } else {
                out.write('%');
                out.write(Character.toUpperCase(Character.forDigit((b >> 4) & 0xf, 16)));
                out.write(Character.toUpperCase(Character.forDigit(b & 0xf, 16)));
            }
        }
        return out.toString(StandardCharsets.US_ASCII);
    }
}
