package com.evefan.route;

import static com.evefan.route.RouteFile.text;
import static com.evefan.route.RouteFile.value;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** What Camel says when it does not take a file, with where that is and what was expected. */
final class LoadFailure {
    private static final int LONGEST_MESSAGE = 300;
    private static final Set<String> LANGUAGES =
            Set.of("constant", "exchangeProperty", "header", "jq", "method", "simple", "variable");

    /** Only of exceptions about YAML: others count the lines of an expression. */
    private static final Pattern LINE_AND_COLUMN = Pattern.compile("line (\\d+), column (\\d+)");

    private static final Pattern LINE = Pattern.compile("camel\\.yaml:(\\d+)");
    private static final Pattern NO_COMPONENT = Pattern.compile("No endpoint could be found for: ([\\w+.-]+):.*");
    private static final Pattern UNKNOWN_OPTION = Pattern.compile("Unknown parameters=\\[\\{([^=]+)=");
    private static final Pattern UNKNOWN_STEP = Pattern.compile("Unknown node id: (\\S+)");
    private static final Pattern UNKNOWN_FIELD = Pattern.compile("Unsupported field: (\\S+)");
    private static final Pattern UNKNOWN_LANGUAGE = Pattern.compile("Unknown expression with id: (\\S+)");
    private static final Pattern UNKNOWN_BEAN =
            Pattern.compile("No bean could be found in the registry for: ([^\\s,]+)");
    private static final Pattern UNKNOWN_STRATEGY =
            Pattern.compile("Cannot find AggregationStrategy in Registry with name: #?(\\S+)");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");

    private final RouteFile file;
    private final BeanRepository beans;

    private LoadFailure(RouteFile file, BeanRepository beans) {
        this.file = file;
        this.beans = beans;
    }

    /** @param beans those that the file may name */
    static Problem problem(RouteFile file, BeanRepository beans, Throwable failure) {
        LoadFailure told = new LoadFailure(file, beans);
        Throwable root = failure;
        int line = 0;
        int column = 0;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            Matcher both = LINE_AND_COLUMN.matcher(message);
            Matcher only = LINE.matcher(message);
            if (isAboutYaml(cause) && both.find()) {
                line = Integer.parseInt(both.group(1));
                column = Integer.parseInt(both.group(2));
            } else if (line == 0 && only.find()) {
                line = Integer.parseInt(only.group(1));
            }
            root = cause;
        }
        String message = told.message(root, line);
        Node culprit = line == 0 ? told.culprit(String.valueOf(root.getMessage())) : null;
        return culprit == null
                ? new Problem(file.path(), line, column, message)
                : Problem.at(file.path(), culprit, message);
    }

    private static boolean isAboutYaml(Throwable cause) {
        String name = cause.getClass().getName();
        return name.startsWith("org.apache.camel.dsl.yaml.") || name.startsWith("org.snakeyaml.");
    }

    private String message(Throwable root, int line) {
        if (root instanceof MethodNotFoundException noMethod) {
            return noMethod(noMethod);
        }
        String first =
                String.valueOf(root.getMessage()).strip().lines().findFirst().orElse("");
        Matcher component = NO_COMPONENT.matcher(first);
        if (component.matches()) {
            String scheme = component.group(1);
            return "there is no component " + scheme + "; if that is what Camel calls it, fetch it:"
                    + " mvn -f extensions -Dcomponent=camel-" + scheme;
        }
        String text = first.length() <= LONGEST_MESSAGE ? first : first.substring(0, LONGEST_MESSAGE) + "…";
        return text + expected(first, line);
    }

    private static String noMethod(MethodNotFoundException failure) {
        Object bean = failure.getBean();
        String method = String.valueOf(failure.getMethodName());
        Collection<String> methods = new TreeSet<>();
        if (bean != null) {
            Arrays.stream(bean.getClass().getDeclaredMethods())
                    .filter(known -> Modifier.isPublic(known.getModifiers()))
                    .map(Method::getName)
                    .forEach(methods::add);
        }
        return "the bean has no method " + method + Suggestion.instead(method, methods);
    }

    private String expected(String message, int line) {
        Vocabulary words = Vocabulary.read();
        Matcher field = UNKNOWN_FIELD.matcher(message);
        if (field.find()) {
            return Suggestion.instead(field.group(1), words.fields(parent(field.group(1), line)));
        }
        return instead(UNKNOWN_STEP, message, words.steps())
                + instead(UNKNOWN_LANGUAGE, message, LANGUAGES)
                + instead(
                        UNKNOWN_BEAN,
                        message,
                        beans.findByTypeWithName(Object.class).keySet())
                + instead(
                        UNKNOWN_STRATEGY,
                        message,
                        beans.findByTypeWithName(AggregationStrategy.class).keySet());
    }

    private static String instead(Pattern pattern, String message, Collection<String> known) {
        Matcher found = pattern.matcher(message);
        return found.find() ? Suggestion.instead(found.group(1), known) : "";
    }

    /** What {@code field} stands below, in or about {@code line}. */
    private String parent(String field, int line) {
        String[] parent = {""};
        file.find((key, node) -> {
            Node value = value(node, field);
            if (value != null
                    && value.getStartMark()
                            .filter(mark -> mark.getLine() + 1 == line)
                            .isPresent()) {
                parent[0] = key;
            }
            return false;
        });
        return parent[0];
    }

    /** Where the file says what {@code message} is about. */
    private @Nullable Node culprit(String message) {
        Node reference = file.reference(List.of(message.split("[\\s:'\"#]+")));
        if (reference != null) {
            return reference;
        }
        Matcher option = UNKNOWN_OPTION.matcher(message);
        if (option.find()) {
            return file.find((key, node) -> key.equals(option.group(1)));
        }
        Matcher component = NO_COMPONENT.matcher(message);
        if (component.find()) {
            return file.find((key, node) -> key.equals("uri") && text(node).startsWith(component.group(1) + ":"));
        }
        Matcher quoted = QUOTED.matcher(message);
        return quoted.find()
                ? file.find((key, node) ->
                        !(node instanceof MappingNode) && text(node).equals(quoted.group(1)))
                : null;
    }
}
