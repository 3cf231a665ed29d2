package com.evefan.plan;

import com.evefan.event.EventType;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.SpecVersionDetector;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.DisallowSchemaLoader;
import com.networknt.schema.resource.InputStreamSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a plan: the JSON Schema of the events of one type and name. What a check costs is bounded: by the size of the
 * schema, in which nothing refers to itself, by the values of the event, and by how often a part of it may be found not to
 * fit (each branch of an {@code anyOf} that does not, for each element); a regular expression takes linear time (RE2).
 *
 * @param type of the events
 * @param key their name; empty for all of those that have none of their own
 * @param mostValues events with more are not checked
 */
record PlanRule(EventType type, String key, int version, JsonSchema schema, int mostValues) {
    /** Larger events are not checked: that breaks the plan, as nobody knows. */
    static final int MOST_EVENT_BYTES = 256 << 10;

    /** Schemas within a schema, each counted as often as it is referred to. */
    private static final int MOST_SCHEMAS = 5_000;

    /** Comparing all with all, as {@code uniqueItems} does with hash codes that a sender has chosen, takes a second. */
    private static final int MOST_VALUES = 10_000;

    /** Values of an event times schemas of a rule. */
    private static final int MOST_VISITS = 10_000_000;

    /** Of one event. The library stops at the first one, but not below {@code anyOf}; each has a text and a path. */
    private static final int MOST_FINDINGS = 50_000;

    private static final int MOST_DEPTH = 100;
    private static final int LONGEST = 300;

    /** Below these stand values and not schemas. */
    private static final Set<String> VALUES = Set.of("enum", "const", "default", "examples", "required");

    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .failFast(true)
            .formatAssertionsEnabled(false)
            .locale(Locale.ENGLISH)
            .pathType(PathType.JSON_PATH)
            .regularExpressionFactory(regex -> {
                Pattern pattern = Pattern.compile(regex);
                return text -> pattern.matcher(text).find();
            })
            .build();

    /**
     * The rule with the JSON Schema {@code schema}.
     *
     * @throws IllegalArgumentException when that is none, or one that may cost too much
     */
    static PlanRule of(EventType type, String key, int version, JsonNode schema) {
        if (!schema.isObject()) {
            throw new IllegalArgumentException("jsonSchema must be an object");
        }
        Walk walk = new Walk(schema);
        walk.schema(schema, 0);
        try {
            VersionFlag dialect =
                    SpecVersionDetector.detectOptionalVersion(schema, true).orElse(VersionFlag.V202012);
            JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
                    dialect, builder -> builder.schemaLoaders(loaders -> loaders.add(PlanRule::onlyTheLibrarys)));
            requireWellFormed(schema, factory, dialect);
            JsonSchema compiled = factory.getSchema(schema, CONFIG);
            compiled.initializeValidators();
            return new PlanRule(type, key, version, compiled, Math.min(MOST_VALUES, MOST_VISITS / walk.schemas));
        } catch (JsonSchemaException | PatternSyntaxException e) {
            throw new IllegalArgumentException("jsonSchema: " + e.getMessage(), e);
        }
    }

    /** The dialects come with the library; nothing else is loaded from anywhere. */
    private static @Nullable InputStreamSource onlyTheLibrarys(AbsoluteIri iri) {
        return iri.toString().startsWith("classpath:draft")
                ? null
                : DisallowSchemaLoader.getInstance().getSchema(iri);
    }

    private static void requireWellFormed(JsonNode schema, JsonSchemaFactory factory, VersionFlag dialect) {
        SchemaValidatorsConfig lenient = SchemaValidatorsConfig.builder()
                .locale(Locale.ENGLISH)
                .pathType(PathType.JSON_PATH)
                .build();
        for (ValidationMessage problem :
                factory.getSchema(SchemaLocation.of(dialect.getId()), lenient).validate(schema)) {
            throw new IllegalArgumentException("jsonSchema" + told(problem));
        }
    }

    /** Where {@code event} breaks the rule; null where it does not. */
    @Nullable
    String violation(JsonNode event) {
        if (values(event, 0) > mostValues) {
            return "it has more than " + mostValues + " values, and is not checked";
        }
        try {
            Findings findings = new Findings(schema.createExecutionContext().getExecutionConfig());
            Iterator<ValidationMessage> found =
                    schema.validate(findings, event, OutputFormat.DEFAULT).iterator();
            return found.hasNext() ? told(found.next()).substring(1) : null;
        } catch (TooManyException e) {
            return "it does not fit in more than " + MOST_FINDINGS + " places, and is not checked further";
        } catch (RuntimeException | StackOverflowError e) {
            return "cannot be checked: " + e.getClass().getSimpleName();
        }
    }

    /** {@code counted} and those in {@code node}; no more are counted than have to be. */
    private int values(JsonNode node, int counted) {
        int values = counted + 1;
        Iterator<JsonNode> members = node.elements();
        while (values <= mostValues && members.hasNext()) {
            values = values(members.next(), values);
        }
        return values;
    }

    /** Ends a check that finds too much. The library asks for each finding whether it is to stop there. */
    private static final class Findings extends ExecutionContext {
        private int number;

        Findings(ExecutionConfig config) {
            super(config);
        }

        @Override
        public boolean isFailFast() {
            number++;
            if (number > MOST_FINDINGS) {
                throw new TooManyException();
            }
            return super.isFailFast();
        }
    }

    private static final class TooManyException extends RuntimeException {}

    /** Such as {@code .properties.total: string found, number expected}. */
    private static String told(ValidationMessage problem) {
        String text = problem.getMessage();
        text = text.startsWith("$.")
                ? text.substring(1)
                : text.startsWith("$: ") ? "." + text.substring(3) : "." + text;
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }

    /** Goes through a schema, with everything that it refers to, and counts. */
    private static final class Walk {
        private final JsonNode root;
        private final Deque<JsonNode> referring = new ArrayDeque<>();
        private int schemas;

        Walk(JsonNode root) {
            this.root = root;
            referring.push(root);
        }

        void schema(JsonNode node, int depth) {
            schemas++;
            if (schemas > MOST_SCHEMAS || depth > MOST_DEPTH) {
                throw new IllegalArgumentException("jsonSchema is too large: at most " + MOST_SCHEMAS
                        + " schemas in it, each counted as often as it is referred to, and " + MOST_DEPTH + " levels");
            }
            for (Map.Entry<String, JsonNode> member : node.properties()) {
                String name = member.getKey();
                JsonNode value = member.getValue();
                switch (name) {
                    case "$ref" -> refer(value, depth);
                    case "$dynamicRef", "$recursiveRef" ->
                        throw new IllegalArgumentException("jsonSchema: " + name + " is not supported; use $ref");
                    case "pattern" -> pattern(value.asText());
                    case "patternProperties" -> value.fieldNames().forEachRemaining(Walk::pattern);
                    default -> {}
                }
                if (!VALUES.contains(name)) {
                    below(value, depth + 1);
                }
            }
        }

        private void below(JsonNode value, int depth) {
            if (value.isObject()) {
                schema(value, depth);
            } else if (value.isArray()) {
                value.forEach(element -> below(element, depth + 1));
            }
        }

        private void refer(JsonNode reference, int depth) {
            String text = reference.asText();
            if (!text.startsWith("#/")) {
                throw new IllegalArgumentException(
                        "jsonSchema: a $ref stays in its schema, such as #/$defs/money; was " + text);
            }
            JsonNode target = root.at(text.substring(1));
            if (!target.isObject()) {
                throw new IllegalArgumentException("jsonSchema: there is nothing at the $ref " + text);
            }
            if (referring.stream().anyMatch(open -> open == target)) {
                throw new IllegalArgumentException(
                        "jsonSchema: " + text + " refers to itself: what a check costs would depend on the event");
            }
            referring.push(target);
            schema(target, depth + 1);
            referring.pop();
        }

        private static void pattern(String regex) {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "jsonSchema: a pattern must be one of RE2, without look-around and back references: "
                                + e.getMessage(),
                        e);
            }
        }
    }
}
