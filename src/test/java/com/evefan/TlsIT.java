package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.evefan.command.Commands;
import com.evefan.command.HealthProbe;
import com.evefan.command.OperatorCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ports with a certificate: for somebody who trusts it, for somebody who does not, and for plain HTTP. */
class TlsIT {
    private static final String PASSWORD = "only-for-this-test";

    @TempDir
    Path directory;

    @Test
    void bothPortsTakeTheCertificateAndNothingElse() throws Exception {
        // Given
        KeyStore made = makeCertificate();
        String certificate = pem("certificate", made.getCertificate("evefan").getEncoded(), "CERTIFICATE");
        String key = pem("key", made.getKey("evefan", PASSWORD.toCharArray()).getEncoded(), "PRIVATE KEY");
        HttpClient trusting = trusting(made);
        Map<String, String> properties = Map.of(
                "evefan.http.tls.certificate", certificate,
                "evefan.http.tls.key", key,
                "evefan.admin.tls.certificate", certificate,
                "evefan.admin.tls.key", key,
                "evefan.postgres.url", "jdbc:postgresql://127.0.0.1:1/none");
        try (RunningEvefan evefan = RunningEvefan.start(directory.resolve("data"), properties)) {
            String events = evefan.url().replace("http:", "https:") + "/v1/track";
            String management = evefan.managementUrl().replace("http:", "https:") + "/observe/health/live";

            // When
            HttpResponse<String> accepted = trusting.send(event(events), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> healthy = trusting.send(get(management), HttpResponse.BodyHandlers.ofString());

            // Then
            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(200);
            assertThat(accepted.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
            assertThat(healthy.statusCode()).isEqualTo(200);
            for (String url : List.of(events, management)) {
                takesOnlyForwardSecrecyWithoutCbc(URI.create(url).getPort(), made);
                refuses(get(url));
                refuses(get(url.replace("https:", "http:")));
            }
            int managementPort = evefan.configuration().management().port();
            assertThat(health(managementPort, certificate, evefan.adminToken())).contains("\"mixpanel\"");
            assertThat(probe(management)).isNotZero();
            assertThat(probe(management.replace("/live", "/ready"), certificate))
                    .isZero();
        }
    }

    private static void takesOnlyForwardSecrecyWithoutCbc(int port, KeyStore made) throws Exception {
        assertThat(handshake(port, made, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"))
                .isTrue();
        assertThat(handshake(port, made, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"))
                .isFalse();
        assertThat(handshake(port, made, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"))
                .isFalse();
    }

    /** Whether the server speaks TLS 1.2 with {@code suite}. */
    private static boolean handshake(int port, KeyStore made, String suite) throws Exception {
        try (SSLSocket socket = (SSLSocket) context(made).getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.startHandshake();
            return true;
        } catch (SSLException e) {
            return false;
        }
    }

    /** What the command line says. */
    private static String health(int port, String certificate, String token) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        new Commands("127.0.0.1", port, certificate, () -> token).run(OperatorCommands.Request.HEALTH, print, print);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The exit code of {@code bin/health}. */
    private static int probe(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HealthProbe.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start().waitFor();
    }

    private static void refuses(HttpRequest request) {
        HttpClient trustingNobody = HttpClient.newHttpClient();
        assertThatThrownBy(() -> trustingNobody.send(request, HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    private static HttpRequest event(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"writeKey\":\"wk_dev\",\"userId\":\"ada\",\"event\":\"Private\"}"))
                .build();
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private KeyStore makeCertificate() throws Exception {
        Path store = directory.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "evefan",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=evefan",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
        return made;
    }

    private String pem(String name, byte[] der, String kind) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        String text = "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
        return Files.writeString(directory.resolve(name + ".pem"), text).toString();
    }

    private static HttpClient trusting(KeyStore made) throws Exception {
        return HttpClient.newBuilder().sslContext(context(made)).build();
    }

    private static SSLContext context(KeyStore made) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("evefan", made.getCertificate("evefan"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
