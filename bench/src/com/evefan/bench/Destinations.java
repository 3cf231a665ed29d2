package com.evefan.bench;

/** Destinations for measuring, made of the same parts as those that are shipped. */
final class Destinations {
    private static final String YAML = """
            - route:
                id: NAME
                description: A destination of the benchmark.
                group: destination
                nodePrefixId: NAME-
                from:
                  uri: direct:NAME
                  steps:
                    - aggregate:
                        correlationExpression:
                          constant:
                            expression: "true"
                        aggregationStrategy: "#eventBatches"
                        completionPredicate:
                          method:
                            ref: batchLimits
                            method: isFull(${body}, 1000, 4194304)
                        completionInterval: "500"
                        forceCompletionOnStop: true
                        executorService: delivery
                        steps:
                          - to:
                              uri: direct:delivery
            - route:
                id: deliver-NAME
                nodePrefixId: deliver-NAME-
                from:
                  uri: direct:deliver-NAME
                  steps:
                    - STEP
            """;

    private Destinations() {}

    /** The route file of the destination {@code name}. */
    static String yaml(String name) {
        String step = name.equals("dead") ? "to: {uri: \"http://127.0.0.1:1/\"}" : "stop: {}";
        return YAML.replace("NAME", name).replace("STEP", step);
    }
}
