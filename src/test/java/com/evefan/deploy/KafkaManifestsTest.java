package com.evefan.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Evefan on Kafka in Kubernetes: as the StatefulSet, but for what state it has. */
class KafkaManifestsTest {
    private Manifests manifests;
    private DeploymentSpec deployment;

    @BeforeEach
    void read() throws IOException {
        manifests = Manifests.read(Manifests.ON_KAFKA);
        deployment = manifests.only(Deployment.class).getSpec();
    }

    @Test
    void everySelectorFindsThePods() {
        Map<String, String> pod = deployment.getTemplate().getMetadata().getLabels();

        assertThat(pod).isNotEmpty().isEqualTo(deployment.getSelector().getMatchLabels());
        assertThat(manifests.every(Service.class))
                .allSatisfy(
                        service -> assertThat(service.getSpec().getSelector()).isEqualTo(pod));
        assertThat(manifests
                        .only(PodDisruptionBudget.class)
                        .getSpec()
                        .getSelector()
                        .getMatchLabels())
                .isEqualTo(pod);
        assertThat(manifests
                        .only(NetworkPolicy.class)
                        .getSpec()
                        .getPodSelector()
                        .getMatchLabels())
                .isEqualTo(pod);
        assertThat(manifests.pod().getTopologySpreadConstraints())
                .hasSize(2)
                .allSatisfy(spread ->
                        assertThat(spread.getLabelSelector().getMatchLabels()).isEqualTo(pod));
    }

    @Test
    void neverHasMorePodsThanPartitionsNorFewerThanTwo() throws IOException {
        HorizontalPodAutoscalerSpec scaler =
                manifests.only(HorizontalPodAutoscaler.class).getSpec();

        assertThat(scaler.getMaxReplicas())
                .isLessThanOrEqualTo(Integer.parseInt(DeployFiles.defaultOf("evefan.kafka.partitions")));
        assertThat(scaler.getMinReplicas()).isGreaterThan(1);
        assertThat(scaler.getScaleTargetRef().getKind() + " "
                        + scaler.getScaleTargetRef().getName())
                .isEqualTo("Deployment "
                        + manifests.only(Deployment.class).getMetadata().getName());
        assertThat(deployment
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isZero();
    }

    @Test
    void hasNothingThatOutlivesAPod() {
        assertThat(manifests.pod().getVolumes())
                .allSatisfy(volume -> assertThat(volume.getEmptyDir()).isNotNull());
        assertThat(manifests.container().getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsExactlyInAnyOrderElementsOf(manifests.pod().getVolumes().stream()
                        .map(Volume::getName)
                        .toList());
    }

    @Test
    void isOtherwiseThePodOfTheStatefulSet() throws IOException {
        var other = Manifests.read().container();
        var container = manifests.container();

        assertThat(container.getPorts()).isEqualTo(other.getPorts());
        assertThat(container.getReadinessProbe()).isEqualTo(other.getReadinessProbe());
        assertThat(container.getLivenessProbe()).isEqualTo(other.getLivenessProbe());
        assertThat(container.getLifecycle()).isEqualTo(other.getLifecycle());
        assertThat(container.getSecurityContext()).isEqualTo(other.getSecurityContext());
        assertThat(manifests.pod().getTerminationGracePeriodSeconds())
                .isEqualTo(Manifests.read().pod().getTerminationGracePeriodSeconds());
        assertThat(container.getEnv()).containsAll(other.getEnv());
    }

    @Test
    void theSecretIsMadeAsThePodReadsIt() throws IOException {
        List<EnvVar> secret = manifests.container().getEnv().stream()
                .filter(variable -> variable.getValue() == null)
                .toList();

        assertThat(DeployFiles.secret(Manifests.ON_KAFKA).keySet())
                .containsExactlyInAnyOrderElementsOf(secret.stream()
                        .map(variable ->
                                variable.getValueFrom().getSecretKeyRef().getKey())
                        .toList());
    }
}
