package com.evefan.warehouse;

/** Strings without what a warehouse cannot hold: U+0000 and surrogates without their other half. */
final class CleanText {
    private CleanText() {}

    /** {@code text} without these characters; the same object where it has none. */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                if (!isPair(text, i)) {
                    return cleaned(text, i);
                }
                i++;
            }
        }
        return text;
    }

    private static String cleaned(String text, int from) {
        StringBuilder clean = new StringBuilder(text.length()).append(text, 0, from);
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isPair(text, i)) {
                clean.append(c).append(text.charAt(++i));
            } else if (c != 0 && !Character.isSurrogate(c)) {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    private static boolean isPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }
}
