package com.evefan.deduplication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A source and a message id, as 128 bits of their SHA-256. Two different ones that are the same here would cost an
 * event; with a thousand million ids the odds are 1 to 10 to the power of 20, and nobody can make it happen.
 */
record MessageKey(long high, long low) {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(MessageKey::sha256);

    static MessageKey of(String source, String messageId) {
        MessageDigest digest = DIGEST.get();
        digest.update(source.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(messageId.getBytes(StandardCharsets.UTF_8)));
        long high = hash.getLong();
        // 0 marks a free place in a set
        return new MessageKey(high == 0 ? 1 : high, hash.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public int hashCode() {
        return (int) low;
    }
}
