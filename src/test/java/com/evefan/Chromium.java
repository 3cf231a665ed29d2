package com.evefan;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The system's Chromium without a window, used as a person would: by what stands on the page. Downloads nothing. */
public final class Chromium implements AutoCloseable {
    private static final List<String> BROWSERS = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String DRIVER = "chromedriver";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final ChromeDriverService service;
    private final ChromeDriver driver;

    private Chromium(ChromeDriverService service, ChromeDriver driver) {
        this.service = service;
        this.driver = driver;
    }

    /** Why there can be none on this machine; empty where there can. */
    public static Optional<String> missing() {
        if (BROWSERS.stream().noneMatch(name -> program(name).isPresent())) {
            return Optional.of("no Chromium on this machine");
        }
        return program(DRIVER).isPresent() ? Optional.empty() : Optional.of("no chromedriver on this machine");
    }

    private static Optional<Path> program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Keeps its profile in {@code directory}. */
    public static Chromium start(Path directory) {
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program(DRIVER).orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSERS.stream()
                .flatMap(name -> program(name).stream())
                .findFirst()
                .orElseThrow()
                .toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--lang=en-US",
                "--user-data-dir=" + directory);
        ChromeDriver driver = new ChromeDriver(service, options);
        Chromium browser = new Chromium(service, driver);
        browser.size(1440, 900);
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Europe/Berlin"));
        return browser;
    }

    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** What the system prefers, such as {@code prefers-color-scheme} = {@code dark}. */
    public void prefers(String feature, String value) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia", Map.of("features", List.of(Map.of("name", feature, "value", value))));
    }

    /** Sends {@code token} with every request from now on, as a browser does once its user has typed it in. */
    public void authenticate(String token) {
        String basic = Base64.getEncoder().encodeToString(("operator:" + token).getBytes(StandardCharsets.UTF_8));
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Authorization", "Basic " + basic)));
    }

    public void open(String url) {
        driver.get(url);
    }

    public String title() {
        return driver.getTitle();
    }

    /** What a person reads on the page now, with one space between words. */
    public String text() {
        return String.valueOf(run("return document.body ? document.body.innerText.replace(/\\s+/g, ' ') : ''"));
    }

    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Waits until all of {@code texts} can be read. */
    public void see(String... texts) {
        until("to read " + List.of(texts), () -> {
            String text = text();
            return Stream.of(texts).allMatch(text::contains);
        });
    }

    /** Waits until {@code text} cannot be read any more. */
    public void seeNo(String text) {
        until("not to read " + text, () -> !text().contains(text));
    }

    /** What can be waited for; a page that is just being drawn is looked at again. */
    @FunctionalInterface
    public interface Look {
        boolean isTrue();
    }

    public void until(String what, Look look) {
        try {
            new WebDriverWait(driver, LIMIT, LOOK_EVERY)
                    .ignoring(StaleElementReferenceException.class, JavascriptException.class)
                    .until(any -> look.isTrue());
        } catch (WebDriverException e) {
            throw new AssertionError("waited for " + what + " at " + driver.getCurrentUrl() + ", read:\n" + text(), e);
        }
    }

    /** The first that can be seen of what {@code css} selects, once it is there. */
    public WebElement find(String css) {
        WebElement[] found = new WebElement[1];
        until(css, () -> {
            found[0] = driver.findElements(By.cssSelector(css)).stream()
                    .filter(WebElement::isDisplayed)
                    .findFirst()
                    .orElse(null);
            return found[0] != null;
        });
        return found[0];
    }

    public int count(String css) {
        return driver.findElements(By.cssSelector(css)).size();
    }

    /** Clicks the button or link that says {@code text}, once there is one: exactly, or else among more. */
    public void click(String text) {
        until("to click " + text, () -> Boolean.TRUE.equals(run(CLICK + """
                const open = document.querySelector('dialog[open]');
                const all = [...(open || document).querySelectorAll('button, a, summary')].filter(seen);
                return press(all.find(e => say(e) === arguments[0]) || all.find(e => say(e).includes(arguments[0])));
                """, text)));
    }

    public void clickOn(String css) {
        until(
                "to click " + css,
                () -> Boolean.TRUE.equals(
                        run(CLICK + "return press([...document.querySelectorAll(arguments[0])].find(seen));", css)));
    }

    /** In one piece, as the page is drawn anew each second; what lies under something else is not clicked. */
    private static final String CLICK = """
            const say = e => e.innerText.trim().replace(/\\s+/g, ' ');
            const seen = e => e.getClientRects().length > 0;
            const press = e => {
              if (!e) return false;
              e.scrollIntoView({block: 'nearest'});
              const r = e.getClientRects()[0];
              const top = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
              if (!top || !e.contains(top)) { e.scrollIntoView({block: 'center'}); return false; }
              e.focus();
              e.click();
              return true;
            };
            """;

    /** Types over what stands in a field. */
    public void write(String css, String text) {
        WebElement field = find(css);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text.isEmpty() ? Keys.DELETE : text);
    }

    /** Types over what is selected in a field. */
    public void type(String css, String text) {
        find(css).sendKeys(text);
    }

    public void choose(String css, String option) {
        new org.openqa.selenium.support.ui.Select(find(css)).selectByVisibleText(option);
    }

    /** Presses keys, one after the other, wherever the focus is. */
    public void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    /** What the console of the page complains about. */
    public List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getMessage())
                .toList();
    }

    /** Writes a picture into {@code directory}, if it is not empty. */
    public void picture(String directory, String name) throws IOException {
        if (!directory.isEmpty()) {
            Files.createDirectories(Path.of(directory));
            Files.write(Path.of(directory, name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        }
    }

    @Override
    public void close() {
        try {
            driver.quit();
        } finally {
            service.stop();
        }
    }
}
