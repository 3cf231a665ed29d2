package com.evefan.ingest;

/**
 * Something that sends events.
 *
 * @param name {@code evefan.source.<name>.…}: stands on every event and counter
 * @param writeKey what its requests are known by; never shown
 */
public record Source(String name, String writeKey) {
    public Source {
        if (!name.matches("[a-z0-9][a-z0-9-]*")) {
            throw new IllegalArgumentException(
                    "evefan.source." + name + ": a source's name is lower-case letters, digits and '-'");
        }
        if (writeKey.isBlank()) {
            throw new IllegalArgumentException("evefan.source." + name + ".write-key must not be empty");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
