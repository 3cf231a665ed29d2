package com.evefan.management;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What an operator proves to be one with: as the password of HTTP Basic, whoever the user, or as a bearer token. Where
 * none is configured there is one in the data directory, made at the first start and readable for its owner alone.
 */
final class AdminToken {
    private static final int BYTES = 24;
    private static final String FILE = "admin.token";

    private final byte[] token;
    private final boolean configured;

    private AdminToken(String token, boolean configured) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.configured = configured;
    }

    static AdminToken of(ManagementSettings settings) throws IOException {
        if (!settings.token().isEmpty()) {
            return new AdminToken(settings.token(), true);
        }
        Path file = settings.dataDirectory().resolve(FILE);
        if (!Files.exists(file)) {
            make(file);
        }
        return new AdminToken(Files.readString(file).strip(), false);
    }

    private static void make(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(
                file,
                Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }

    /** Whether the operator chose it; health, metrics and counters are open to this machine where not. */
    boolean configured() {
        return configured;
    }

    /** @param authorization the request's header; null when it has none */
    boolean isProvenBy(@Nullable String authorization) {
        if (authorization == null) {
            return false;
        }
        String[] parts = authorization.strip().split(" +", 2);
        if (parts.length < 2) {
            return false;
        }
        return switch (parts[0].toLowerCase(java.util.Locale.ROOT)) {
            case "bearer" -> matches(parts[1]);
            case "basic" -> matches(password(parts[1]));
            default -> false;
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

    private boolean matches(@Nullable String candidate) {
        // Takes as long for a wrong first character as for a wrong last one.
        return candidate != null && MessageDigest.isEqual(token, candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return configured ? "configured" : "generated";
    }
}
