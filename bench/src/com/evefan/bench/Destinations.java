package com.evefan.bench;

/** Destinations for measuring, made of the same parts as those that are shipped. */
final class Destinations {
    /** A thousand events in so many milliseconds are about a tenth of what PostgreSQL takes. */
    private static final int SLOW_MILLIS = Integer.getInteger("bench.slow-millis", 140);

    private static final String YAML = """
            - route:
                id: NAME
                description: A destination of the benchmark.
                group: destination
                nodePrefixId: NAME-
                from:
                  uri: direct:NAME
                  steps:
                    - STEP
            """;

    private Destinations() {}

    /** The route file of the destination {@code name}. */
    static String yaml(String name) {
        String step =
                switch (name) {
                    case "dead" -> "to: {uri: \"http://127.0.0.1:1/\"}";
                    case "slow" -> "delay: {asyncDelayed: \"false\", expression: {constant: {expression: \"" + SLOW_MILLIS
                            + "\"}}}";
                    default -> "stop: {}";
                };
        return YAML.replace("NAME", name).replace("STEP", step);
    }
}
