package com.evefan.warehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names as column-like words: lower case, {@code _} between words. The same slugs as those of the JavaScript library
 * slugify 1.6.6 with {@code {replacement: '_', lower: true}}, under which existing queries know their events.
 */
final class Slug {
    private static final String KEPT = "abcdefghijklmnopqrstuvwxyz0123456789*+~.()'\"!-:@";
    private static final String SPACES = "\t\n\u000b\f\r _\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff";

    /** By UTF-16 unit: its replacement, a space for what separates words, null for what has no place in a slug. */
    private static final @Nullable String[] REPLACEMENTS = load();

    private Slug() {}

    /** The slug of {@code name}; empty when nothing in it has a place in a slug. */
    static String of(String name) {
        String composed = Normalizer.isNormalized(name, Normalizer.Form.NFC)
                ? name
                : Normalizer.normalize(name, Normalizer.Form.NFC);
        StringBuilder slug = new StringBuilder(composed.length() + 8);
        boolean separate = false;
        for (int i = 0; i < composed.length(); i++) {
            String replacement = REPLACEMENTS[composed.charAt(i)];
            if (" ".equals(replacement)) {
                separate = true;
            } else if (replacement != null && !replacement.isEmpty()) {
                if (separate && slug.length() > 0) {
                    slug.append('_');
                }
                separate = false;
                slug.append(replacement);
            }
        }
        return slug.toString();
    }

    private static @Nullable String[] load() {
        @Nullable String[] replacements = new @Nullable String[Character.MAX_VALUE + 1];
        for (char c : KEPT.toCharArray()) {
            replacements[c] = String.valueOf(c);
            replacements[Character.toUpperCase(c)] = String.valueOf(c);
        }
        for (char c : SPACES.toCharArray()) {
            replacements[c] = " ";
        }
        Arrays.fill(replacements, 0x2000, 0x200b, " ");
        loadCharacters(replacements);
        return replacements;
    }

    private static void loadCharacters(@Nullable String[] replacements) {
        InputStream file = Objects.requireNonNull(Slug.class.getResourceAsStream("slug-characters.tsv"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                int tab = line.indexOf('\t');
                String replacement = line.substring(0, tab).replace(' ', '_').toLowerCase(Locale.ROOT);
                for (char c : line.substring(tab + 1).toCharArray()) {
                    replacements[c] = replacement;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
