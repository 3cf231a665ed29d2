package com.evefan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/**
 * The console as a person uses it, in Chromium: one Evefan with two sources and three destinations, of which one is taken
 * down and one is picky. Skipped where there is no Chromium or no driver for it. With
 * {@code -Devefan.screenshots=docs/console} it takes the pictures for the README.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsolePageIT {
    private static final String TOKEN = "the-admin-of-this-test";
    private static final String READ_TOKEN = "the-reader-of-this-test";
    private static final String PICTURES = System.getProperty("evefan.screenshots", "");
    private static final String PLANTED = "<img src=x onerror=alert(1)>";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String WEB_KEY = "wk_web_0123456789";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AtomicInteger IDS = new AtomicInteger();

    @TempDir
    static Path directory;

    private static WebHook crm;
    private static WebHook mail;
    private static HttpServer shop;
    private static final List<String> shopHas = new CopyOnWriteArrayList<>();
    private static RunningEvefan evefan;
    private static Chromium browser;

    @BeforeAll
    static void start() throws Exception {
        Optional<String> missing = Chromium.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        crm = WebHook.start("crm");
        mail = WebHook.start("mail");
        crm.routeTo(directory);
        mail.routeTo(directory);
        shop = picky();
        Map<String, String> more = new HashMap<>();
        more.put("evefan.admin.token", TOKEN);
        more.put("evefan.admin.read-token", READ_TOKEN);
        more.put("evefan.source.web.write-key", WEB_KEY);
        more.put("evefan.retry.delay-ms", "60000");
        more.put("evefan.retry.max-delay-ms", "60000");
        evefan = RunningEvefan.start(directory.resolve("data"), TwoDestinations.properties(directory, more));
        browser = Chromium.start(directory.resolve("profile"));
    }

    /** Takes no event whose price is not a number, and says so. */
    private static HttpServer picky() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean isWrong = body.contains("\"price\":\"");
            if (!isWrong) {
                shopHas.add(body);
            }
            byte[] answer = (isWrong ? "{\"error\":\"properties.price must be a number\"}" : "{}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isWrong ? 400 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        System.setProperty("shop.batch.max-age-ms", "100");
        try (InputStream template = WebHook.class.getResourceAsStream("webhook.camel.yaml")) {
            String yaml = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("NAME", "shop")
                    .replace("URL", "http://127.0.0.1:" + server.getAddress().getPort() + "/events");
            Files.writeString(directory.resolve("shop.camel.yaml"), yaml);
        }
        return server;
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (evefan != null) {
            evefan.close();
            crm.close();
            mail.close();
            shop.stop(0);
        }
    }

    @BeforeEach
    void allIsUp() {
        crm.answer(events -> 200);
        browser.size(1440, 900);
    }

    // A new user

    @Test
    @Order(1)
    void signsInOnlyWithAKnownTokenAndGoesWhereItWasAskedFor() {
        browser.open(evefan.managementUrl() + "/#/system");
        browser.see("Sign in");
        browser.write("input[name=token]", "not-the-token-at-all");
        browser.click("Sign in");
        browser.see("This token is not known here");

        browser.write("input[name=token]", TOKEN);
        browser.click("Sign in");

        // Then
        browser.see("System", "Places in the journal", "Sign out");
        assertThat(browser.run("return document.cookie"))
                .as("the page's scripts cannot read it")
                .isEqualTo("");
    }

    @Test
    @Order(2)
    void showsANewUserHowToSendTheFirstEventAndThatItArrives() throws Exception {
        signedIn("/overview");
        browser.see("Evefan is ready. No event has come yet.", "curl -u wk_dev: " + evefan.url());
        browser.picture(PICTURES, "first");

        send("dev", "{\"type\":\"track\",\"userId\":\"ada\",\"event\":\"Hello Evefan\"}");

        // Then
        browser.see("Your first event arrived", "crm delivered", "mail delivered", "shop delivered");
        browser.click("Open the overview");
        browser.see("All is well");
    }

    // 1 and 2

    @Test
    @Order(3)
    void leadsWithWhatIsWrongAndCountsIt() throws Exception {
        signedIn("/overview");
        browser.see("All is well: ", "3 of 3 destinations take what they are sent");
        assertThat(browser.title()).isEqualTo("All well, Evefan");

        crm.answer(events -> 503);
        send("web", track("Order Completed", "lead"));

        // Then
        browser.see(
                "1 of 3 destinations is failing: crm",
                "HTTP 503",
                "A 5xx is the other side’s fault",
                "By itself it is tried again in");
        browser.until("the tab to say it", () -> browser.title().equals("1 failing, Evefan"));
        takePictures();
        crm.answer(events -> 200);
        browser.click("Retry now");
        browser.see("All is well: ");
    }

    @Test
    @Order(3)
    void showsTheFlowFromSourcesThroughTheJournalToDestinations() throws Exception {
        signedIn("/overview");
        send("web", track("Order Completed", "flow"));

        // Then
        browser.until("a line for each source and destination", () -> browser.count(".flow .ln") >= 5);
        assertThat(browser.find(".flow .src").getText()).contains("dev", "web");
        assertThat(browser.find(".flow .dst").getText()).contains("crm", "mail", "shop", "Delivering");
        assertThat(browser.find(".flow .facts").getText()).contains("accepted", "delivered", "refused");
        browser.see("Destinations, last hour", "/s delivered", "p99", "Sources, last hour");
        browser.clickOn(".flow [data-destination=mail]");
        browser.see("Time per call");
        assertThat(browser.title()).startsWith("mail, ");
    }

    // 3

    @Test
    @Order(3)
    void showsEventsAsTheyComeAndWhereTheyStand() throws Exception {
        signedIn("/events");
        browser.see("Newest first");
        String id = send("web", track("Cart Opened", "live"));
        browser.see("Cart Opened", "3 of 3 have it");
        send(
                "web",
                "{\"type\":\"track\",\"event\":\"Nobody\",\"messageId\":\"refused-" + IDS.incrementAndGet() + "\"}");
        browser.see("Nobody", "Refused: ");
        browser.picture(PICTURES, "events");

        // paused by a key, and resumed
        browser.press("p");
        browser.see("Paused.");
        send("web", track("While Paused", "paused"));
        browser.see("1 more");
        assertThat(browser.find(".evlist").getText()).doesNotContain("While Paused");
        browser.press("p");
        browser.see("While Paused");

        // filtered
        browser.write("input[aria-label='Event name']", "Cart Opened");
        browser.until("only those", () -> {
            String list = browser.find(".ev tbody").getText();
            return list.contains("Cart Opened") && !list.contains("While Paused");
        });

        // opened
        browser.click("Cart Opened");
        browser.see("Where it stands", "The event, as accepted", "Copy as curl");
        browser.until("delivered to all", () -> browser.find(".stand").getText().split("Delivered", -1).length == 4);
        browser.clickOn(".stand li:first-child summary");
        browser.see("\"Cart Opened\"");
        assertThat(browser.find(".panel .tree").getText())
                .contains("event: \"Cart Opened\"", "messageId: \"" + id + "\"");
        browser.press(Keys.ESCAPE);
        browser.until("the event to be closed", () -> browser.count(".panel") == 0);
    }

    @Test
    @Order(3)
    void findsOneUsersEventsAndOneEventByItsId() throws Exception {
        String user = "finder-" + IDS.incrementAndGet();
        String id = send("web", track("Last Seen", user));
        signedIn("/overview");
        browser.see("Overview");

        browser.press("/");
        browser.press(user, Keys.ENTER);
        browser.see("1 event, newest first", "Last Seen");

        browser.write("#find", id);
        browser.press(Keys.ENTER);
        browser.see("Where it stands", user);

        browser.write("#find", "nobody-knows-this");
        browser.press(Keys.ENTER);
        browser.see("No event has this messageId or userId");
    }

    // 4

    @Test
    @Order(3)
    void takesADestinationDownAndBringsItBack() throws Exception {
        signedIn("/destinations/crm");
        browser.see("Delivering");
        crm.answer(events -> 500);
        String id = send("web", track("While Down", "down"));

        browser.see("Failing", "The last attempt failed", "HTTP 500", "A 5xx is the other side’s fault");
        browser.picture(PICTURES, "destination");
        browser.click("Retry now");
        browser.see("it failed again");
        crm.answer(events -> 200);
        browser.click("Retry now");

        // Then
        browser.see("crm took 1 event.", "Delivering");
        assertThat(crm.taken()).contains(id);

        // paused, and resumed
        browser.click("Pause…");
        browser.see("Pause crm?", "Events wait on disk");
        browser.click("Pause crm");
        browser.see("Nothing is sent until you resume");
        String waits = send("web", track("While Paused", "pause"));
        browser.until("one that waits", () -> browser.find(".nums").getText().contains("Waiting\n1\n"));
        browser.click("Resume");
        await().atMost(LIMIT).until(() -> crm.taken().contains(waits));

        // its file, with what went through each step
        browser.see("crm.camel.yaml", "uri: direct:crm", "Settings");
    }

    @Test
    @Order(3)
    void replaysWithTheCountFirst() throws Exception {
        String name = "Replayed " + IDS.incrementAndGet();
        List<String> ids = List.of(send("web", track(name, "r1")), send("web", track(name, "r2")));
        await().atMost(LIMIT).until(() -> mail.taken().containsAll(ids));
        signedIn("/destinations/mail");

        browser.click("Replay…");
        browser.write("dialog input[placeholder=All]", name);
        browser.see("2 events match");
        browser.click("Replay 2 events");

        // Then
        browser.see("Replay finished", "2 of 2 delivered again");
        assertThat(mail.taken().stream().filter(ids::contains)).hasSize(4);
    }

    // 5

    @Test
    @Order(3)
    void correctsADeadLetterAndSendsItAgain() throws Exception {
        String id = send(
                "web",
                "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"Priced\",\"properties\":{\"price\":\"cheap\"}}");
        send("web", "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"Priced\",\"properties\":{\"price\":\"dear\"}}");
        signedIn("/dead-letters");
        browser.see("HTTP 400", "properties.price must be a number", "at destinations");
        browser.picture(PICTURES, "dead-letters");
        browser.clickOn("tr.go a.nm");
        browser.see("The event, as accepted", "What shop answered");
        assertThat(browser.find(".guilty").getText()).isEqualTo("price: \"cheap\"");

        browser.click("Edit and send again");
        browser.see("Nothing changed yet.");
        browser.picture(PICTURES, "edit");
        browser.type("#editor", "9.5");
        browser.see("Changed: properties.price \"cheap\" → 9.5");
        browser.click("Check");
        browser.see("Valid. shop would get:");
        browser.click("Send to shop");

        // Then
        browser.see("delivered to shop", "dead letter removed");
        browser.click("Next one, 1 left");
        browser.see("\"dear\"");
        assertThat(shopHas).anyMatch(body -> body.contains("\"" + id + "\"") && body.contains("\"price\":9.5"));

        // the rest is deleted, after a question
        browser.click("Delete…");
        browser.see("Delete 1 dead letter?");
        browser.click("Delete 1");
        browser.until("none at destinations", () -> browser.text().contains("0 at destinations"));
    }

    // 6

    @Test
    @Order(3)
    void showsWhatASourceSendsAndHowToConnectOne() throws Exception {
        send(
                "web",
                "{\"type\":\"track\",\"userId\":\"source\",\"event\":\"Catalogued\",\"context\":{\"library\":{\"name\":\"analytics-test\",\"version\":\"1.2.3\"}}}");
        signedIn("/sources/web");
        browser.see("Event names", "Catalogued", "SDKs seen", "analytics-test", "1.2.3");
        browser.click("Node");
        browser.see("new Analytics({ writeKey: '", "host: '" + evefan.url() + "'");
        assertThat(browser.text()).as("the key is masked").doesNotContain(WEB_KEY);
        browser.picture(PICTURES, "source");

        browser.click("Send a test event");
        browser.see("marked context.test", "accepted and on disk", "crm delivered", "mail delivered");
        assertThat(browser.count(".test .way li")).isEqualTo(4);

        // what it sends that is malformed
        send("web", "{\"type\":\"track\",\"event\":\"Without A User\"}");
        browser.see("refused since", "Look at one");
    }

    // 7

    @Test
    @Order(3)
    void triesAnEventWithoutSendingIt() {
        signedIn("/try");
        int before = mail.requests();
        browser.write(
                "#event-to-try",
                "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"Tried\",\"integrations\":{\"crm\":false}}");
        browser.type("#event-to-try", Keys.chord(Keys.CONTROL, Keys.ENTER));

        browser.see("valid; 2 of 3 would get it", "Would not.", "Would get it.", "\"Tried\"");

        browser.write("#event-to-try", "{\"type\": oops}");
        browser.click("Show what each would get");
        browser.see("Line 1, column ");
        assertThat(mail.requests()).as("nothing is sent").isEqualTo(before);
    }

    // 8

    @Test
    @Order(3)
    void showsTheSystem() {
        signedIn("/system");

        browser.see(
                "Takes events",
                "Memory and disk",
                "heap",
                "Places in the journal",
                "Settings that differ from the defaults",
                "evefan.source.web.write-key",
                "Broker and versions",
                "Reachable",
                "Hawtio",
                "Metrics");
        assertThat(browser.text()).doesNotContain(TOKEN).doesNotContain(WEB_KEY);
    }

    // Rules

    @Test
    @Order(4)
    void showsPlantedMarkupAsText() throws Exception {
        String id = "planted-" + IDS.incrementAndGet() + PLANTED;
        String planted = quoted(PLANTED);
        String event = "{\"type\":\"track\",\"userId\":" + planted + ",\"anonymousId\":" + planted + ",\"event\":"
                + planted + ",\"messageId\":"
                + quoted(id) + ",\"properties\":{" + planted + ":" + planted + ",\"price\":\"" + PLANTED
                + "\"},\"context\":{\"library\":{\"name\":"
                + planted + ",\"version\":" + planted + "},\"page\":{\"title\":" + planted + "}}}";
        send("web", event);
        send("web", "{\"type\":\"track\",\"event\":" + planted + ",\"messageId\":" + planted + "}");

        signedIn("/events");
        browser.see(PLANTED);
        for (String page : List.of(
                "/overview",
                "/events/" + encoded(id),
                "/find/" + encoded(PLANTED),
                "/sources/web",
                "/dead-letters",
                "/destinations/shop",
                "/system")) {
            signedIn(page);
            browser.until("the page", () -> browser.text().length() > 200);
            if (!List.of("/overview", "/dead-letters", "/destinations/shop", "/system")
                    .contains(page)) {
                browser.see(PLANTED);
            }
            assertThat(browser.count("img, iframe, object, embed, body script"))
                    .as(page)
                    .isZero();
        }
        signedIn("/try");
        browser.write("#event-to-try", event);
        browser.click("Show what each would get");
        browser.see("would get it");
        assertThat(browser.count("img, iframe, object, embed, body script")).isZero();
        assertThat(browser.complaints()).noneMatch(line -> line.contains("Content Security Policy"));
    }

    @Test
    @Order(4)
    void showsTheReadTokenNoContentAndLetsItChangeNothing() throws Exception {
        send("web", track("Secretive", "somebody-secret"));
        signedIn("/overview");
        browser.click("Sign out");
        browser.see("Sign in");
        browser.write("input[name=token]", READ_TOKEN);
        browser.click("Sign in");

        browser.see("read-only");
        go("/destinations/crm");
        assertThat(browser.find("main .title .btn").getAttribute("aria-disabled"))
                .isEqualTo("true");
        browser.click("Pause…");
        browser.see("The read-only token cannot change anything");
        go("/events");
        browser.see("hidden");
        assertThat(browser.text()).doesNotContain("somebody-secret");
        browser.clickOn(".ev tbody tr:not(.rej) a");
        browser.see("Hidden: the read-only token sees no event content");
        assertThat(browser.text()).doesNotContain("somebody-secret");
        browser.click("Sign out");
        browser.see("Sign in");
    }

    @Test
    @Order(4)
    void fitsEveryWidthWithoutSidewaysScrolling() throws Exception {
        String id = send("web", track("Wide " + "x".repeat(120), "wide"));
        signedIn("/overview");
        for (int width : new int[] {360, 2560, 1440}) {
            browser.size(width, 740);
            for (String page : List.of(
                    "/overview",
                    "/events",
                    "/events/" + id,
                    "/destinations",
                    "/destinations/shop",
                    "/dead-letters",
                    "/sources/web",
                    "/try",
                    "/system")) {
                go(page);
                browser.see("Live");
                browser.until(
                        page + " within " + width,
                        () -> Boolean.TRUE.equals(
                                browser.run(
                                        "return document.documentElement.scrollWidth <= innerWidth && !!document.querySelector('main h1')")));
            }
        }
        browser.size(360, 740);
        go("/overview");
        browser.see("Menu");
        assertThat(browser.text()).doesNotContain("Sign out");
        browser.click("Menu");
        browser.see("Sign out");
        browser.click("Menu");
        browser.picture(PICTURES, "phone");
    }

    @Test
    @Order(4)
    void worksByKeyboard() throws Exception {
        send("web", track("By Keyboard", "keys"));
        signedIn("/overview");
        browser.press("g", "d");
        browser.see("Destinations, last hour");
        browser.press("j");
        browser.press(Keys.ENTER);
        browser.see("Time per call");
        browser.press(Keys.ESCAPE);
        browser.see("Destinations, last hour");
        browser.press("?");
        browser.see("find by messageId or userId", "Single keys act");
        browser.press(Keys.ESCAPE);
        browser.seeNo("Single keys act");
        browser.press("u");
        browser.see("Berlin");
        browser.press("u");
        browser.seeNo("Berlin");
        browser.press("g", "s");
        browser.see("Sources, last hour");
    }

    @Test
    @Order(4)
    void saysThatItIsStaleWhenNoWordComes() throws Exception {
        try (Way way = new Way(URI.create(evefan.managementUrl()).getPort())) {
            browser.open("http://127.0.0.1:" + way.port() + "/#/overview");
            browser.until("the page or the sign-in", () -> browser.count("main, .sign form") > 0);
            if (browser.count(".sign form") > 0) {
                browser.write("input[name=token]", TOKEN);
                browser.click("Sign in");
            }
            browser.see("Flow of events now", "Live");

            way.cut();
            browser.see("No word from Evefan for", "No connection", "Try now");
            assertThat(browser.find("main h1").getText())
                    .as("the headline is of the past")
                    .startsWith("At ");

            way.open();
            browser.click("Try now");
            browser.seeNo("No word from Evefan");
        }
    }

    @Test
    @Order(4)
    void loadsLittleAndNothingFromElsewhere() throws Exception {
        signedIn("/overview");
        browser.open(evefan.managementUrl() + "/?again#/overview");
        browser.see("Overview", "Journal");

        Object bytes = browser.run(
                "return performance.getEntriesByType('resource').reduce((sum, r) => sum + r.decodedBodySize, 0)");
        Object others = browser.run(
                "return performance.getEntriesByType('resource').filter(r => !r.name.startsWith(location.origin)).length");
        assertThat(((Number) bytes).longValue()).as("bytes, unpacked").isLessThan(300_000);
        assertThat(((Number) others).longValue()).isZero();
        assertThat(browser.complaints())
                .as("what is not there, or not allowed")
                .noneMatch(line -> line.contains("status of 404") || line.contains("Content Security Policy"));
    }

    /** For the README: some traffic, and what it looks like, by day and by night. */
    private static void takePictures() throws Exception {
        if (PICTURES.isEmpty()) {
            return;
        }
        for (int second = 0; second < 12; second++) {
            for (int i = 0; i < 15; i++) {
                send("web", track("Product Viewed", "u" + i));
                send("dev", track("Order Completed", "u" + i));
            }
            browser.text();
        }
        browser.picture(PICTURES, "overview");
        browser.prefers("prefers-color-scheme", "dark");
        browser.picture(PICTURES, "overview-dark");
        browser.prefers("prefers-color-scheme", "light");
    }

    /** The page at {@code path}, signed in with the admin's token. */
    private static void signedIn(String path) {
        browser.open(evefan.managementUrl() + "/?" + IDS.incrementAndGet() + "#" + path);
        browser.until("the page or the sign-in", () -> browser.count("main, .sign form") > 0);
        if (browser.count(".sign form") > 0) {
            browser.write("input[name=token]", TOKEN);
            browser.click("Sign in");
        }
        browser.find("main h1");
    }

    /** Another page without loading anew. */
    private static void go(String path) {
        browser.run("location.hash = '#" + path + "'");
        browser.find("main h1");
    }

    private static String track(String name, String user) {
        return "{\"type\":\"track\",\"userId\":\"" + user + "\",\"event\":\"" + name + "\"}";
    }

    /** Sends one event as an SDK would; its messageId. */
    private static String send(String source, String event) throws Exception {
        String id = "console-" + IDS.incrementAndGet();
        String whole = event.contains("\"messageId\"") ? event : "{\"messageId\":\"" + id + "\"," + event.substring(1);
        String key = source.equals("dev") ? "wk_dev" : WEB_KEY;
        HttpRequest request = HttpRequest.newBuilder(URI.create(evefan.url() + "/v1/batch"))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString((key + ":").getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString("{\"batch\":[" + whole + "]}"))
                .build();
        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .as("400 where all of it is refused")
                .isIn(200, 400);
        return id;
    }

    private static String quoted(String text) {
        return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The way from the browser to Evefan, that can be cut. */
    private static final class Way implements AutoCloseable {
        private final int target;
        private final int port;
        private final List<Socket> connections = new CopyOnWriteArrayList<>();
        private ServerSocket door;

        Way(int target) throws IOException {
            this.target = target;
            this.port = RunningEvefan.freePort();
            open();
        }

        int port() {
            return port;
        }

        void open() throws IOException {
            ServerSocket opened = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
            door = opened;
            run(() -> {
                while (true) {
                    Socket here = opened.accept();
                    Socket there = new Socket(InetAddress.getLoopbackAddress(), target);
                    connections.addAll(List.of(here, there));
                    run(() -> here.getInputStream().transferTo(there.getOutputStream()));
                    run(() -> there.getInputStream().transferTo(here.getOutputStream()));
                }
            });
        }

        void cut() throws IOException {
            door.close();
            for (Socket connection : connections) {
                connection.close();
            }
            connections.clear();
        }

        @Override
        public void close() throws IOException {
            cut();
        }

        private static void run(Piece piece) {
            Thread thread = new Thread(() -> {
                try {
                    piece.run();
                } catch (IOException e) {
                    // cut
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private interface Piece {
            void run() throws IOException;
        }
    }
}
