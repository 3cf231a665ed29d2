package com.evefan.route;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/**
 * The functions that a jq expression calls. The library looks for them when the expression runs, and running it here on
 * an event that it is not made for says nothing, or never ends; so they are read from its syntax tree, whose classes have
 * no accessors.
 */
final class JqFunctions {
    private static final String LIBRARY = "net.thisptr.jackson.jq.";

    private final Set<String> called = new TreeSet<>();
    private final Set<String> defined = new HashSet<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private JqFunctions() {}

    /**
     * Those that are neither in {@code scope} nor defined by the expression itself, as {@code lower/0}.
     *
     * @param expression sound jq
     */
    static List<String> missing(String expression, Scope scope) {
        JqFunctions functions = new JqFunctions();
        try {
            functions.walk(JsonQuery.compile(expression, Versions.JQ_1_6));
        } catch (JsonQueryException e) {
            return List.of(); // told already
        }
        List<String> missing = new ArrayList<>();
        for (String name : functions.called) {
            int slash = name.lastIndexOf('/');
            int arguments = Integer.parseInt(name.substring(slash + 1));
            if (!functions.defined.contains(name) && scope.getFunction(name.substring(0, slash), arguments) == null) {
                missing.add(name);
            }
        }
        return missing;
    }

    private void walk(@Nullable Object node) {
        if (node instanceof Collection<?> nodes) {
            nodes.forEach(this::walk);
        }
        if (node == null || !node.getClass().getName().startsWith(LIBRARY) || node instanceof Enum || !seen.add(node)) {
            return;
        }
        switch (node.getClass().getSimpleName()) {
            case "FunctionCall" -> called.add(value(node, "name") + "/" + size(value(node, "args")));
            case "FunctionDefinition" -> {
                defined.add(value(node, "fname") + "/" + size(value(node, "args")));
                if (value(node, "args") instanceof Collection<?> parameters) {
                    parameters.forEach(parameter -> defined.add(parameter + "/0"));
                }
            }
            default -> {}
        }
        for (Class<?> type = node.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    walk(value(node, field));
                }
            }
        }
    }

    private static int size(@Nullable Object list) {
        return list instanceof Collection<?> all ? all.size() : 0;
    }

    private static @Nullable Object value(Object node, String name) {
        try {
            return value(node, node.getClass().getDeclaredField(name));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("another version of jackson-jq", e);
        }
    }

    private static @Nullable Object value(Object node, Field field) {
        try {
            field.setAccessible(true);
            return field.get(node);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("another version of jackson-jq", e);
        }
    }
}
