package com.evefan.deploy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The files that Evefan is deployed with, and what they tell Evefan. */
public final class DeployFiles {
    private static final ObjectReader YAML =
            new YAMLMapper().readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    private static final Pattern LITERAL = Pattern.compile("--from-literal=([a-z-]+)='?([^\\s']+)");
    /** Stands for what an operator sets, with its name. */
    private static final String SET = "set-by-an-operator";

    private DeployFiles() {}

    /** Every document of a YAML file; a key that is there twice is an error. */
    static List<JsonNode> yaml(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return YAML.<JsonNode>readValues(reader).readAll();
        }
    }

    static JsonNode compose() throws IOException {
        return yaml(Path.of("docker-compose.yml")).get(0);
    }

    static String defaultOf(String property) throws IOException {
        Properties defaults = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("application.properties"))) {
            defaults.load(reader);
        }
        return defaults.getProperty(property);
    }

    /** Evefan's environment where Compose started it with nothing set but what has to be. */
    public static Map<String, String> composeEnvironment() throws IOException {
        return composeEnvironment("evefan");
    }

    /** That of another service of the file. */
    public static Map<String, String> composeEnvironment(String service) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(Dockerfile.read().environment());
        compose()
                .at("/services/" + service + "/environment")
                .properties()
                .forEach(variable -> environment.put(
                        variable.getKey(),
                        variable.getValue()
                                .asText()
                                .replaceAll("\\$\\{(\\w+):\\?[^}]*}", SET + "-$1")
                                .replaceAll("\\$\\{\\w+:-([^}]*)}", "$1")));
        return environment;
    }

    /** Evefan's environment in a pod, with the Secret made as the manifests say. */
    public static Map<String, String> kubernetesEnvironment() throws IOException {
        return kubernetesEnvironment(Manifests.FILE);
    }

    /** The same on Kafka. */
    public static Map<String, String> kafkaEnvironment() throws IOException {
        return kubernetesEnvironment(Manifests.ON_KAFKA);
    }

    private static Map<String, String> kubernetesEnvironment(Path file) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(Dockerfile.read().environment());
        Map<String, String> secret = secret(file);
        Manifests.read(file)
                .container()
                .getEnv()
                .forEach(variable -> environment.put(
                        variable.getName(),
                        variable.getValue() == null
                                ? secret.get(variable.getValueFrom()
                                        .getSecretKeyRef()
                                        .getKey())
                                : variable.getValue()));
        return environment;
    }

    /** What the command above the manifests puts into the Secret. */
    static Map<String, String> secret() throws IOException {
        return secret(Manifests.FILE);
    }

    static Map<String, String> secret(Path file) throws IOException {
        return LITERAL.matcher(Files.readString(file))
                .results()
                .collect(Collectors.toMap(
                        literal -> literal.group(1),
                        literal -> literal.group(2).replace("…", SET + "-" + literal.group(1))));
    }
}
