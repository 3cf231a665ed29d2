package com.evefan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetSpec;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manifests have only fields that Kubernetes knows, and their parts fit together. */
class KubernetesManifestsTest {
    private Manifests manifests;
    private StatefulSetSpec set;

    @BeforeEach
    void read() throws IOException {
        manifests = Manifests.read();
        set = manifests.only(StatefulSet.class).getSpec();
    }

    @Test
    void wouldNotReadAFieldThatKubernetesDoesNotKnow() throws IOException {
        JsonNode service = DeployFiles.yaml(Manifests.FILE).get(0);
        ((ObjectNode) service.path("spec")).put("selektor", "evefan");

        assertThatThrownBy(() -> Manifests.parse(service))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("selektor");
    }

    @Test
    void everySelectorFindsThePods() {
        Map<String, String> pod = set.getTemplate().getMetadata().getLabels();

        assertThat(pod).isNotEmpty().isEqualTo(set.getSelector().getMatchLabels());
        assertThat(manifests.every(Service.class))
                .hasSize(2)
                .allSatisfy(
                        service -> assertThat(service.getSpec().getSelector()).isEqualTo(pod));
        assertThat(budget().getSelector().getMatchLabels()).isEqualTo(pod);
        assertThat(manifests
                        .only(NetworkPolicy.class)
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels())
                .isEqualTo(pod);
        assertThat(manifests.pod().getTopologySpreadConstraints())
                .isNotEmpty()
                .allSatisfy(spread ->
                        assertThat(spread.getLabelSelector().getMatchLabels()).isEqualTo(pod));
    }

    @Test
    void servicesAndPolicyLeadToPortsByName() {
        List<String> ports = manifests.container().getPorts().stream()
                .map(port -> port.getName())
                .toList();

        assertThat(manifests.every(Service.class).stream()
                        .flatMap(service -> service.getSpec().getPorts().stream())
                        .map(port -> port.getTargetPort().getStrVal()))
                .containsExactlyInAnyOrderElementsOf(ports);
        assertThat(manifests.only(NetworkPolicy.class).getSpec().getIngress().stream()
                        .flatMap(rule -> rule.getPorts().stream())
                        .map(NetworkPolicyPort::getPort)
                        .map(port -> port.getStrVal()))
                .containsExactlyInAnyOrderElementsOf(ports);
    }

    @Test
    void managementIsReachedFromChosenNamespacesOnly() {
        assertThat(manifests.only(NetworkPolicy.class).getSpec().getIngress())
                .filteredOn(rule -> rule.getPorts().get(0).getPort().getStrVal().equals("management"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom()).isNotEmpty());
    }

    @Test
    void theStatefulSetHasAServiceWithoutLoadBalancing() {
        assertThat(manifests.every(Service.class))
                .filteredOn(service -> service.getMetadata().getName().equals(set.getServiceName()))
                .singleElement()
                .satisfies(
                        service -> assertThat(service.getSpec().getClusterIP()).isEqualTo("None"));
    }

    @Test
    void aDrainedNodeLeavesAPodRunning() {
        assertThat(budget().getMaxUnavailable().getIntVal()).isPositive().isLessThan(set.getReplicas());
    }

    @Test
    void theClaimHoldsAllThatEvefanMayWrite() throws IOException {
        // Given
        PersistentVolumeClaim claim = set.getVolumeClaimTemplates().get(0);
        Quantity storage = claim.getSpec().getResources().getRequests().get("storage");
        BigDecimal written = new BigDecimal(DeployFiles.defaultOf("evefan.journal.max-bytes"))
                .add(new BigDecimal(DeployFiles.defaultOf("evefan.activemq.store-bytes")));

        // Then
        assertThat(storage.getNumericalAmount()).isGreaterThan(written);
        assertThat(set.getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
                .isEqualTo("Retain");
        assertThat(set.getPersistentVolumeClaimRetentionPolicy().getWhenScaled())
                .isEqualTo("Retain");
    }

    @Test
    void theSecretIsMadeAsThePodReadsIt() throws IOException {
        // Given
        List<EnvVar> secret = manifests.container().getEnv().stream()
                .filter(variable -> variable.getValue() == null)
                .toList();

        // Then
        assertThat(DeployFiles.secret().keySet())
                .containsExactlyInAnyOrderElementsOf(secret.stream()
                        .map(variable ->
                                variable.getValueFrom().getSecretKeyRef().getKey())
                        .toList());
        assertThat(secret)
                .allMatch(variable ->
                        variable.getValueFrom().getSecretKeyRef().getName().equals("evefan"));
    }

    @Test
    void everythingHasANameOfItsOwn() {
        assertThat(manifests.all())
                .extracting(
                        HasMetadata::getKind, manifest -> manifest.getMetadata().getName())
                .doesNotHaveDuplicates();
    }

    private PodDisruptionBudgetSpec budget() {
        return manifests.only(PodDisruptionBudget.class).getSpec();
    }
}
