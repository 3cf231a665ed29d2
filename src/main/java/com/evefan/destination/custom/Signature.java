package com.evefan.destination.custom;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.Body;
import org.jspecify.annotations.Nullable;

/** Proves to a webhook's receiver that Evefan sent a body; bound as {@code signature}. */
public final class Signature {
    private static final String ALGORITHM = "HmacSHA256";

    /**
     * The HMAC-SHA256 of {@code body} in the form {@code sha256=<hex>}.
     *
     * @param secret shared with the receiver; null and empty mean no signature
     * @return null without a secret, so that no header is sent
     */
    public @Nullable String of(@Body byte[] body, @Nullable String secret) {
        if (secret == null || secret.isEmpty()) {
            return null;
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
