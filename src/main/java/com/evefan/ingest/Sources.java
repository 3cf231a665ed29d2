package com.evefan.ingest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The sources, by write key. */
public final class Sources {
    private final Map<String, Source> byWriteKey;

    /**
     * @throws IllegalArgumentException when there is no source or two share a write key
     */
    public Sources(Collection<Source> sources) {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("evefan.source.<name>.write-key: at least one source is needed");
        }
        this.byWriteKey = sources.stream()
                .collect(Collectors.toUnmodifiableMap(Source::writeKey, Function.identity(), (one, other) -> {
                    throw new IllegalArgumentException("evefan.source." + one.name() + ".write-key and evefan.source."
                            + other.name() + ".write-key must differ");
                }));
    }

    public Optional<Source> of(String writeKey) {
        return Optional.ofNullable(byWriteKey.get(writeKey));
    }

    public List<Source> all() {
        return new ArrayList<>(byWriteKey.values());
    }
}
