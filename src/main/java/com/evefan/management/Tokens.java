package com.evefan.management;

import com.evefan.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of the management port, each the password of HTTP Basic, whoever the user, or a bearer token: the admin's,
 * which is made in the data directory at the first start where none is set, and one for reading, where that is set.
 */
public final class Tokens {
    private static final int BYTES = 24;
    private static final String FILE = "admin.token";

    private final byte[] admin;
    private final byte[] reader;

    private Tokens(String admin, String reader) {
        this.admin = admin.getBytes(StandardCharsets.UTF_8);
        this.reader = reader.getBytes(StandardCharsets.UTF_8);
    }

    /** Who asks. */
    enum Holder {
        ADMIN,
        READER,
        UNKNOWN,
        /** Whether its token is right was not looked at. */
        TOO_MANY_GUESSES
    }

    static Tokens of(ManagementSettings settings) throws IOException {
        if (settings.token().isEmpty()) {
            make(settings.dataDirectory().resolve(FILE));
        }
        return new Tokens(admin(settings), settings.readToken());
    }

    /**
     * The token of an Evefan on this machine that has the same settings.
     *
     * @throws IOException when none is set and the file with the one that Evefan made cannot be read; the message is for
     *     an operator
     */
    public static String admin(ManagementSettings settings) throws IOException {
        if (!settings.token().isEmpty()) {
            return settings.token();
        }
        Path file = settings.dataDirectory().resolve(FILE);
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "evefan.admin.token is not set, and there is no " + file + ": Evefan makes it at its first start",
                    e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "evefan.admin.token is not set, and " + file + " is only for the user that Evefan runs as", e);
        }
    }

    /** Also where there is less than a token: after a full disk, or written by somebody. */
    private static void make(Path file) throws IOException {
        if (Files.exists(file) && Files.readString(file).strip().length() >= ManagementSettings.SHORTEST) {
            return;
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        PrivateFiles.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
    }

    /** @param authorization the request's header */
    Holder holder(String authorization) {
        String[] parts = authorization.strip().split(" +", 2);
        if (parts.length < 2) {
            return Holder.UNKNOWN;
        }
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> holderOf(parts[1]);
            case "basic" -> holderOf(password(parts[1]));
            default -> Holder.UNKNOWN;
        };
    }

    private static @Nullable String password(String credentials) {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            int colon = decoded.indexOf(':');
            return colon < 0 ? null : decoded.substring(colon + 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    Holder holderOf(@Nullable String candidate) {
        if (candidate == null || candidate.isEmpty()) {
            return Holder.UNKNOWN;
        }
        byte[] bytes = candidate.getBytes(StandardCharsets.UTF_8);
        // Takes as long for a wrong first character as for a wrong last one.
        boolean isAdmin = MessageDigest.isEqual(admin, bytes);
        boolean isReader = MessageDigest.isEqual(reader, bytes);
        return isAdmin ? Holder.ADMIN : isReader ? Holder.READER : Holder.UNKNOWN;
    }
}
