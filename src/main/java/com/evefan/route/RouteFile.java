package com.evefan.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A route file as YAML, every part of it with its line and column. */
final class RouteFile {
    static final String EXTENSION = ".camel.yaml";

    /** What it nearly always is. */
    private static final String INDENTATION =
            "; look at this line and the one above: are they indented as their neighbours, and is each \"key: value\"?";

    private static final Set<String> REFERENCES =
            Set.of("ref", "method", "uri", "aggregationStrategy", "dataSource", "executorService", "type");

    private final Path path;
    private final @Nullable Node root;
    private final List<Problem> problems = new ArrayList<>();

    private RouteFile(Path path, @Nullable Node root) {
        this.path = path;
        this.root = root;
    }

    /** Reads {@code path}; where it is no YAML, {@link #problems} says so. */
    static RouteFile read(Path path) throws IOException {
        try {
            Node root = new Compose(
                            LoadSettings.builder().setLabel(path.toString()).build())
                    .composeString(Files.readString(path))
                    .orElse(null);
            RouteFile file = new RouteFile(path, root);
            if (!(root instanceof SequenceNode)) {
                file.problems.add(new Problem(path, 1, 1, "expected a list of routes; it begins with \"- route:\""));
            }
            return file;
        } catch (MarkedYamlEngineException e) {
            RouteFile file = new RouteFile(path, null);
            String message = "this is no YAML: " + e.getProblem() + INDENTATION;
            file.problems.add(e.getProblemMark()
                    .map(mark -> new Problem(path, mark.getLine() + 1, mark.getColumn() + 1, message))
                    .orElse(new Problem(path, 0, 0, message)));
            return file;
        } catch (YamlEngineException e) {
            RouteFile file = new RouteFile(path, null);
            file.problems.add(new Problem(path, 0, 0, "this is no YAML: " + e.getMessage()));
            return file;
        }
    }

    Path path() {
        return path;
    }

    /** The file's name without what all route files end in. */
    String name() {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    }

    boolean isDestination() {
        Path parent = path.toAbsolutePath().getParent();
        String directory = parent == null ? "" : String.valueOf(parent.getFileName());
        return directory.equals("destinations") || directory.equals("examples");
    }

    List<Problem> problems() {
        return problems;
    }

    /** The entries of the file: {@code route}, {@code routeConfiguration}, {@code beans} and so on. */
    List<Node> entries() {
        return root instanceof SequenceNode list ? list.getValue() : List.of();
    }

    /** The bodies of all entries under {@code key}. */
    List<MappingNode> all(String key) {
        List<MappingNode> found = new ArrayList<>();
        for (Node entry : entries()) {
            if (value(entry, key) instanceof MappingNode body) {
                found.add(body);
            }
        }
        return found;
    }

    /** Tells {@code visitor} of every key and value below {@code node}. */
    static void walk(Node node, BiConsumer<String, Node> visitor) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                visitor.accept(text(tuple.getKeyNode()), tuple.getValueNode());
                walk(tuple.getValueNode(), visitor);
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(element -> walk(element, visitor));
        }
    }

    /** The first node whose key and value are such; null where there is none. */
    @Nullable
    Node find(BiPredicate<String, Node> wanted) {
        List<Node> found = new ArrayList<>();
        for (Node entry : entries()) {
            walk(entry, (key, node) -> {
                if (wanted.test(key, node)) {
                    found.add(node);
                }
            });
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** The first node that is one of {@code names}, under a key such as {@code ref}; null where there is none. */
    @Nullable
    Node reference(Collection<String> names) {
        return find((key, node) -> REFERENCES.contains(key)
                && !text(node).isEmpty()
                && names.contains(text(node).replaceFirst("^#", "")));
    }

    /** The value of {@code key}; null where {@code node} has no such key. */
    static @Nullable Node value(@Nullable Node node, String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (text(tuple.getKeyNode()).equals(key)) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    /** The text of {@code key}; empty where there is none. */
    static String text(@Nullable Node node, String key) {
        return text(value(node, key));
    }

    static String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
