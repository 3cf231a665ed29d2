package com.evefan.warehouse;

import com.evefan.event.Bytes;
import com.evefan.event.JsonStrings;

/** The escapes in JSON that stand for what a warehouse cannot hold: U+0000 and surrogates without their other half. */
final class Escapes {
    private static final int SHORT = 2;
    private static final int UNICODE = 6;

    private Escapes() {}

    /** {@code json}, which is sound, without these escapes; the same object where it has none. */
    static byte[] clean(byte[] json) {
        int unwanted = 0;
        for (int i = next(json, 0); i < json.length; ) {
            int escape = length(json, i);
            unwanted -= Math.min(escape, 0);
            i = next(json, i + Math.abs(escape));
        }
        return unwanted == 0 ? json : without(json, unwanted);
    }

    private static byte[] without(byte[] json, int unwanted) {
        byte[] clean = new byte[json.length - unwanted];
        int length = 0;
        int copied = 0;
        for (int i = next(json, 0); i < json.length; ) {
            int escape = length(json, i);
            if (escape < 0) {
                System.arraycopy(json, copied, clean, length, i - copied);
                length += i - copied;
                copied = i - escape;
            }
            i = next(json, i + Math.abs(escape));
        }
        System.arraycopy(json, copied, clean, length, json.length - copied);
        return clean;
    }

    private static int next(byte[] json, int from) {
        return Bytes.indexOf(json, '\\', from, json.length);
    }

    /** The length of the escape at {@code start}, that of a pair of surrogates in one; negative where it has to go. */
    private static int length(byte[] json, int start) {
        if (start + 1 < json.length && json[start + 1] != 'u') {
            return SHORT;
        }
        char unit = unit(json, start);
        if (Character.isHighSurrogate(unit) && Character.isLowSurrogate(unit(json, start + UNICODE))) {
            return 2 * UNICODE;
        }
        return unit == 0 || Character.isSurrogate(unit) ? -UNICODE : UNICODE;
    }

    /** What the escape at {@code start} stands for; not 0 and no surrogate where there is none. */
    private static char unit(byte[] json, int start) {
        if (start + UNICODE > json.length || json[start] != '\\' || json[start + 1] != 'u') {
            return '?';
        }
        return JsonStrings.unit(json, start);
    }
}
