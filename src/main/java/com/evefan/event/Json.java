package com.evefan.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** How this package reads JSON: bytes in UTF-8, token by token. */
final class Json {
    /** Bounds the parser's own memory; what one event may be is a matter of {@link EventLimits}. */
    static final int HARD_DEPTH = 10_000;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(HARD_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Json() {}

    /** A parser whose byte offsets count from {@code start}. */
    static JsonParser parser(byte[] bytes, int start, int end) throws IOException {
        return FACTORY.createParser(bytes, start, end - start);
    }
}
