package com.evefan.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The manifests as Kubernetes would take them: a field that it does not know, or of another type, is an error. */
record Manifests(List<HasMetadata> all) {
    static final Path FILE = Path.of("deploy/kubernetes/evefan.yaml");
    static final Path ON_KAFKA = Path.of("deploy/kubernetes/evefan-kafka.yaml");
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/Service", Service.class,
            "apps/v1/StatefulSet", StatefulSet.class,
            "apps/v1/Deployment", Deployment.class,
            "autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);
    private static final JsonMapper STRICT = JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .annotationIntrospector(new WithoutAdditionalProperties())
            .build();

    /** The models keep what they do not know as additional properties; here nothing may be unknown. */
    private static final class WithoutAdditionalProperties extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated method) {
            return false;
        }
    }

    static Manifests read() throws IOException {
        return read(FILE);
    }

    static Manifests read(Path file) throws IOException {
        List<HasMetadata> all = new ArrayList<>();
        for (JsonNode document : DeployFiles.yaml(file)) {
            all.add(parse(document));
        }
        return new Manifests(all);
    }

    static HasMetadata parse(JsonNode document) throws JsonProcessingException {
        String kind = document.path("apiVersion").asText() + "/"
                + document.path("kind").asText();
        if (!KINDS.containsKey(kind)) {
            throw new IllegalArgumentException("No such kind: " + kind);
        }
        return STRICT.treeToValue(document, KINDS.get(kind));
    }

    <T extends HasMetadata> List<T> every(Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends HasMetadata> T only(Class<T> kind) {
        List<T> found = every(kind);
        if (found.size() != 1) {
            throw new IllegalStateException(found.size() + " of " + kind.getSimpleName());
        }
        return found.get(0);
    }

    PodSpec pod() {
        return every(Deployment.class).isEmpty()
                ? only(StatefulSet.class).getSpec().getTemplate().getSpec()
                : only(Deployment.class).getSpec().getTemplate().getSpec();
    }

    Container container() {
        return pod().getContainers().get(0);
    }
}
