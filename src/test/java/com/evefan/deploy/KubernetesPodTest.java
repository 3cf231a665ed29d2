package com.evefan.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pod asks, stops and confines Evefan in a way that fits what Evefan does. */
class KubernetesPodTest {
    private Manifests manifests;
    private PodSpec pod;
    private Container container;

    @BeforeEach
    void read() throws IOException {
        manifests = Manifests.read();
        pod = manifests.pod();
        container = manifests.container();
    }

    @Test
    void itsPortsAreEvefans() throws IOException {
        assertThat(container.getPorts())
                .extracting(ContainerPort::getName, port -> String.valueOf(port.getContainerPort()))
                .containsExactly(
                        tuple("http", DeployFiles.defaultOf("evefan.http.port")),
                        tuple("management", DeployFiles.defaultOf("camel.management.port")));
    }

    @Test
    void itsProbesAskTheManagementPort() throws IOException {
        String health = DeployFiles.defaultOf("camel.management.health-path");

        assertThat(asked(container.getStartupProbe())).isEqualTo("management " + health + "/live");
        assertThat(asked(container.getLivenessProbe())).isEqualTo("management " + health + "/live");
        assertThat(asked(container.getReadinessProbe())).isEqualTo("management " + health + "/ready");
    }

    @Test
    void hasTheTimeToStop() throws IOException {
        // Given
        List<String> beforehand =
                container.getLifecycle().getPreStop().getExec().getCommand();
        long timeout = Long.parseLong(DeployFiles.defaultOf("evefan.shutdown.timeout-ms"));

        // Then
        assertThat(beforehand).hasSize(2).startsWith("sleep");
        assertThat(pod.getTerminationGracePeriodSeconds() * 1_000)
                .isGreaterThan(Long.parseLong(beforehand.get(1)) * 1_000 + timeout);
    }

    @Test
    void runsAsTheUserOfTheImageWithoutRights() throws IOException {
        SecurityContext context = container.getSecurityContext();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser() + ":"
                        + pod.getSecurityContext().getRunAsGroup())
                .isEqualTo(Dockerfile.read().last("USER"));
        assertThat(pod.getSecurityContext().getFsGroup())
                .isEqualTo(pod.getSecurityContext().getRunAsGroup());
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(context.getAllowPrivilegeEscalation()).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).isTrue();
        assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void writesToTheClaimAndToTmpOnly() throws IOException {
        // Given
        List<String> claims = manifests.only(StatefulSet.class).getSpec().getVolumeClaimTemplates().stream()
                .map(claim -> claim.getMetadata().getName())
                .toList();
        Stream<String> volumes =
                Stream.concat(claims.stream(), pod.getVolumes().stream().map(Volume::getName));

        // Then
        assertThat(claims).hasSize(1);
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getName)
                .containsOnlyOnceElementsOf(List.of("tmp", "destinations"))
                .hasSameElementsAs(volumes.toList());
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals(claims.get(0)))
                .extracting(VolumeMount::getMountPath)
                .containsExactly(Dockerfile.read().last("VOLUME"), "/opt/evefan/extensions");
        assertThat(container.getVolumeMounts())
                .filteredOn(mount -> mount.getName().equals("destinations"))
                .allMatch(VolumeMount::getReadOnly);
    }

    @Test
    void hasAllOfTheMemoryThatItMayTake() {
        assertThat(container.getResources().getLimits().get("memory"))
                .isNotNull()
                .isEqualTo(container.getResources().getRequests().get("memory"));
    }

    private static String asked(Probe probe) {
        return probe.getHttpGet().getPort().getStrVal() + " "
                + probe.getHttpGet().getPath();
    }
}
