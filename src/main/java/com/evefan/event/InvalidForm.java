package com.evefan.event;

import java.util.Arrays;

/** Keeps an event that was not accepted: as sent, without the write key, as it may be shown to people. */
final class InvalidForm {
    private final byte[] json;
    private final int maxBytes;

    InvalidForm(byte[] json, int maxBytes) {
        this.json = json;
        this.maxBytes = maxBytes;
    }

    byte[] write(Value event) {
        if (!event.members().containsKey("writeKey")) {
            return cut(json, event.start(), event.end());
        }
        JsonBuffer out = new JsonBuffer(event.length() + 1).character('{');
        event.members().forEach((name, member) -> {
            if (!name.equals("writeKey")) {
                out.raw(json, member.nameStart(), member.end()).character(',');
            }
        });
        byte[] rest = out.character('}').toByteArray();
        int comma = rest.length - 2;
        if (rest[comma] == ',') {
            rest[comma] = '}';
            return cut(rest, 0, comma + 1);
        }
        return rest;
    }

    /** At most {@link #maxBytes}, and no half characters at the end. */
    private byte[] cut(byte[] bytes, int start, int end) {
        int last = end;
        if (end - start > maxBytes) {
            last = start + maxBytes;
            while (last > start && (bytes[last] & 0xC0) == 0x80) {
                last--;
            }
        }
        return Arrays.copyOfRange(bytes, start, last);
    }
}
