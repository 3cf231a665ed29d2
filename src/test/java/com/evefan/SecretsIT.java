package com.evefan;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerPluginSupport;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ConnectionInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, tokens, passwords and what events say: in no log line and no answer, also when everything fails. */
class SecretsIT {
    /** As values of settings that Evefan knows, of placeholders in users' routes, and in events. */
    private static final String[] SECRETS = {
        "wk_secret_1",
        "token-secret-2",
        "password-secret-3",
        "payload-secret-4",
        "path-secret-5",
        "query-secret-6",
        "hmac-secret-7",
        "salt-secret-8",
        "account-secret-9",
        "broker-secret-10",
        "google-secret-11",
        "store-secret-12",
        "sasl-secret-13",
        "orders-secret-14",
        "mail-secret-15",
        "vendor-secret-16",
        "basic-secret-17",
        "admin-token-secret-18",
        "reader-token-secret-19",
        "url-secret-20"
    };

    /** The same in the form that HTTP Basic sends. */
    private static final String BASIC = base64("robot:basic-secret-17");

    private static final List<String> DESTINATIONS =
            List.of("postgres", "bigquery", "mixpanel", "webhook", "moved", "vendor", "kafka", "orders", "mail");

    private static final String CONTEXT =
            "/hawtio/jolokia/exec/org.apache.camel:context=evefan,name=%22evefan%22,type=context/";

    @TempDir
    Path directory;

    private HttpServer telltale;
    private BrokerService broker;
    private int brokerPort;

    /** Refuses everything and repeats what it was sent, as some do. */
    @BeforeEach
    void start() throws Exception {
        brokerPort = RunningEvefan.freePort();
        broker = broker("broker-secret-10");
        telltale = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        telltale.createContext("/", exchange -> {
            String target = exchange.getRequestURI().toString();
            StringBuilder answer = new StringBuilder("We do not know " + target + " with");
            exchange.getRequestHeaders()
                    .forEach((name, values) ->
                            answer.append(' ').append(name).append(' ').append(values));
            byte[] body = answer.toString().getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1" + target);
            exchange.sendResponseHeaders(target.startsWith("/moved") ? 307 : 400, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        telltale.start();
    }

    @AfterEach
    void stop() throws Exception {
        telltale.stop(0);
        broker.stop();
    }

    /** A broker that takes {@code password} only, and repeats others. */
    private BrokerService broker(String password) throws Exception {
        BrokerService made = new BrokerService();
        made.setUseJmx(false);
        made.setPersistent(false);
        made.setPlugins(new BrokerPlugin[] {
            new BrokerPluginSupport() {
                @Override
                public void addConnection(ConnectionContext context, ConnectionInfo info) throws Exception {
                    if (!password.equals(info.getPassword())) {
                        throw new SecurityException(
                                "User name [" + info.getUserName() + "] or password is invalid: " + info.getPassword());
                    }
                    super.addConnection(context, info);
                }
            }
        });
        made.addConnector("tcp://127.0.0.1:" + brokerPort);
        made.start();
        return made;
    }

    @Test
    void tellsNoSecretWhileDestinationsFail() throws Exception {
        // Given
        Properties properties = RunningEvefan.overrides(directory.resolve("data"), settings());
        String management = "http://127.0.0.1:" + properties.getProperty("camel.management.port");
        try (EvefanProcess evefan = EvefanProcess.start(properties, directory.resolve("log"))) {
            // When
            String page = "{\"userId\":\"payload-secret-4\",\"name\":\"payload-secret-4\"}";
            String event = "{\"userId\":\"payload-secret-4\",\"event\":\"%s\"}";
            String bad = "{\"type\":\"track\",\"name\":\"payload-secret-4\"}";
            String track = evefan.url() + "/v1/track?writeKey=wk_secret_1";
            assertThat(send(evefan.url() + "/v1/page?writeKey=wk_secret_1", page)
                            .statusCode())
                    .isEqualTo(200);
            send(track, event.formatted("Order Completed"));
            send(track, event.formatted("Payment Failed"));
            HttpResponse<String> invalid = send(track, bad);
            HttpResponse<String> unreadable = send(track, "{payload-secret-4");
            HttpResponse<String> unknown = send(evefan.url() + "/v1/track?writeKey=wk_secret_1x", page);

            // Then
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                String health = get(management + "/v1/health").body();
                for (String destination : DESTINATIONS) {
                    assertThat(new JsonMapper()
                                    .readTree(health)
                                    .at("/destinations/" + destination + "/errors")
                                    .size())
                            .as(destination)
                            .isPositive();
                }
            });
            assertThat(invalid.body() + unreadable.body() + unknown.body()).doesNotContain(SECRETS);
            for (String path : new String[] {
                "/v1/health",
                "/v1/dead-letters",
                "/v1/replays",
                "/v1/events/none",
                "/observe/health?exposureLevel=full&data=true&stackTrace=true",
                "/observe/metrics",
                "/observe/info",
                "/q/dev",
                "/q/dev/evefan",
                "/q/dev/health",
                "/q/dev/memory",
                "/q/dev/gc",
                "/hawtio/jolokia/list",
                "/hawtio/jolokia/search/*:*",
                "/hawtio/jolokia/read/com.evefan:*",
                "/hawtio/jolokia/read/org.apache.activemq:*",
                "/hawtio/jolokia/read/org.apache.camel:*",
                "/hawtio/jolokia/read/*:*?ignoreErrors=true",
                "/hawtio/jolokia/read/java.lang:*",
                CONTEXT + "dumpRoutesAsXml()",
                CONTEXT + "dumpRoutesAsXml(boolean)/true",
                CONTEXT + "dumpRoutesAsXml(boolean,boolean)/true/true",
                CONTEXT + "dumpRoutesAsYaml(boolean)/true"
            }) {
                assertThat(get(management + path).body())
                        .as(path)
                        .isNotBlank()
                        .doesNotContain(SECRETS)
                        .doesNotContain(BASIC);
            }
            assertThat(get(evefan.url() + "/v1/health").body()).doesNotContain(SECRETS);
            commandsTellNone(properties);
            broker.stop();
            broker = broker("another");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(get(management + "/v1/health").body())
                                    .contains("password is invalid")
                                    .doesNotContain(SECRETS));
            evefan.stop();
            assertThat(evefan.output()).doesNotContain(SECRETS).doesNotContain(BASIC);
        }
    }

    /** What is on the operator's own screen; {@code explain} shows the event, which is the operator's own. */
    private void commandsTellNone(Properties properties) {
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        String event = "{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"Order Completed\"}";
        for (String command : List.of(
                "help",
                "validate",
                "explain",
                "health",
                "retry webhook",
                "event none",
                "replays list",
                "dead-letters list",
                "dead-letters show ingest --limit 0",
                "dead-letters show vendor --userId none",
                "dead-letters replay vendor --userId none")) {
            CommandLine.Result result = CommandLine.run(settings, event, command.split(" "));
            assertThat(result.output() + result.problems())
                    .as(command)
                    .isNotBlank()
                    .doesNotContain(SECRETS)
                    .doesNotContain(BASIC);
        }
    }

    private Map<String, String> settings() throws Exception {
        int nobody = RunningEvefan.freePort();
        String address = "http://127.0.0.1:" + telltale.getAddress().getPort();
        return Map.ofEntries(
                entry("camel.main.routes-include-pattern", routes()),
                entry("evefan.admin.token", "admin-token-secret-18"),
                entry("evefan.admin.read-token", "reader-token-secret-19"),
                entry("evefan.source.shop.write-key", "wk_secret_1"),
                entry("evefan.privacy.salt", "salt-secret-8"),
                entry("evefan.activemq.url", "tcp://127.0.0.1:" + brokerPort),
                entry("evefan.activemq.user", "evefan"),
                entry("evefan.activemq.password", "broker-secret-10"),
                entry("evefan.postgres.url", "jdbc:postgresql://127.0.0.1:" + nobody + "/evefan"),
                entry("evefan.postgres.password", "password-secret-3"),
                entry("evefan.bigquery.project", "shop"),
                entry("evefan.bigquery.credentials", serviceAccount(address)),
                entry("evefan.mixpanel.token", "token-secret-2"),
                entry("evefan.mixpanel.base-url", address),
                entry("evefan.mixpanel.service-account", "user:account-secret-9"),
                entry("evefan.mixpanel.project-id", "1"),
                entry("webhook.url", address + "/path-secret-5?token=query-secret-6"),
                entry("webhook.secret", "hmac-secret-7"),
                entry("moved.url", address + "/moved/path-secret-5?to=query-secret-6"),
                entry("vendor.url", address + "/in"),
                entry("vendor.api-key", "vendor-secret-16"),
                entry("vendor.password", "basic-secret-17"),
                entry("kafka.brokers", "127.0.0.1:" + nobody),
                entry("kafka.store-password", "store-secret-12"),
                entry("kafka.store", store()),
                entry(
                        "kafka.login",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=ada"
                                + " password=\"sasl-secret-13\";"),
                entry(
                        "orders.jdbc-url",
                        "jdbc:postgresql://127.0.0.1:" + nobody + "/shop?user=ada&password=url-secret-20"),
                entry("orders.password", "orders-secret-14"),
                entry("mail.server", "127.0.0.1:" + nobody),
                entry("mail.from", "a@example.org"),
                entry("mail.to", "b@example.org"),
                entry("mail.user", "ada"),
                entry("mail.password", "mail-secret-15"));
    }

    /** Evefan's own routes, the examples that take secrets, and some as a user would write them. */
    private String routes() throws IOException {
        Path own = Files.createDirectory(directory.resolve("own"));
        for (String example : List.of("webhook", "orders", "mail")) {
            Files.copy(Path.of("routes/examples", example + ".camel.yaml"), own.resolve(example + ".camel.yaml"));
        }
        String webhook = Files.readString(Path.of("routes/examples/webhook.camel.yaml"));
        Files.writeString(own.resolve("moved.camel.yaml"), webhook.replace("webhook", "moved"));
        Files.writeString(
                own.resolve("kafka.camel.yaml"),
                Files.readString(Path.of("routes/examples/kafka.camel.yaml"))
                        .replaceAll("(?m)^( +)maxBlockMs: 10000", """
                            $1maxBlockMs: 500
                            $1securityProtocol: SASL_SSL
                            $1saslMechanism: PLAIN
                            $1saslJaasConfig: '{{kafka.login}}'
                            $1sslKeystoreLocation: "{{kafka.store}}"
                            $1sslKeystorePassword: "{{kafka.store-password}}"
                            $1sslKeyPassword: "{{kafka.store-password}}"\
                            """));
        Files.writeString(own.resolve("vendor.camel.yaml"), """
                - route:
                    id: vendor
                    description: Sends a batch with a key in a header, and a user and a password.
                    nodePrefixId: vendor-
                    group: destination
                    from:
                      id: batch
                      uri: direct:vendor
                      steps:
                        - setBody:
                            id: nothing
                            expression:
                              constant:
                                expression: "[]"
                        - setHeader:
                            id: key
                            name: X-Api-Key
                            expression:
                              constant:
                                expression: "{{vendor.api-key}}"
                        - to:
                            id: send
                            uri: "{{vendor.url}}"
                            parameters:
                              authMethod: Basic
                              authUsername: robot
                              authPassword: "{{vendor.password}}"
                              authenticationPreemptive: true
                """);
        return RunningEvefan.SHELL_ROUTES + ",file:routes/destinations/*.camel.yaml,file:" + own + "/*.camel.yaml";
    }

    private String store() throws Exception {
        Path store = directory.resolve("store.p12");
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        try (OutputStream out = Files.newOutputStream(store)) {
            empty.store(out, "store-secret-12".toCharArray());
        }
        return store.toString();
    }

    /** A key file whose server of access tokens refuses, and repeats what it was sent. */
    private String serviceAccount(String address) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2_048);
        String key = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        String file = new JsonMapper()
                .writeValueAsString(Map.of(
                        "type", "service_account",
                        "project_id", "shop",
                        "private_key_id", "google-secret-11",
                        "private_key", "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n",
                        "client_email", "evefan@shop.example",
                        "client_id", "1",
                        "token_uri", address + "/token"));
        return Files.writeString(directory.resolve("account.json"), file).toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> send(String url, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer admin-token-secret-18"));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
