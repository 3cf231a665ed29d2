package com.evefan.configuration;

import java.util.List;

/** The configuration or what it names cannot be used: one line per problem, each naming the key or path. */
public final class ConfigurationException extends Exception {
    private final List<String> problems;

    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
