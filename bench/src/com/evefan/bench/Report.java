package com.evefan.bench;

import com.evefan.bench.Figures.Figure;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;

/** What was measured, as a table for people and as JSON. */
final class Report {
    /** What a request to the trivial Camel route cost on the machine for which the floors in microseconds were set. */
    private static final double CAMEL_CPU_MICROS = 40;

    /** On two shared cores, with fsync, into PostgreSQL on the same machine. */
    static final List<Floor> FLOORS = List.of(
            new Floor("single-32", "delivered / Camel route", true, 0.35),
            new Floor("single-32", "answer p99 ms", false, 50),
            new Floor("single-32", "CPU us per event", false, 90),
            new Floor("single-32", "CPU per event / single Camel request", false, 90.0 / CAMEL_CPU_MICROS),
            new Floor("batch-100", "delivered / COPY over one connection", true, 0.5),
            new Floor("batch-100", "accepted / delivered", true, 1),
            new Floor("batch-100", "CPU us per event", false, 35),
            new Floor("batch-100", "CPU per event / single Camel request", false, 35.0 / CAMEL_CPU_MICROS),
            new Floor("destinations-4", "delivered / alone", true, 0.75),
            new Floor("dead", "delivered / alone", true, 0.98),
            new Floor("replay", "replayed / live", true, 1),
            new Floor("replay", "live beside a replay / live", true, 0.95),
            new Floor("dead", "CPU us per event more than alone", false, 1),
            new Floor("slow", "delivered / alone", true, 0.98),
            new Floor("slow", "CPU us per event more than alone", false, 1),
            new Floor("backlog", "drained / live", true, 1),
            new Floor("backlog", "most RSS MB", false, 420),
            new Floor("visible", "answer to row p99 ms", false, 150),
            new Floor("cold", "start to first 200 ms", false, 1_100),
            new Floor("cold", "start to first 200, CPU ms", false, 1_900),
            new Floor("busy", "start to first 200 ms", false, 4_000),
            new Floor("busy", "first 10 s, accepted per second", true, 3_000),
            new Floor("idle", "RSS MB", false, 180));

    private final Map<String, Map<String, Figure>> workloads = new LinkedHashMap<>();
    private final Map<String, String> machine = new LinkedHashMap<>();

    Report() throws IOException {
        machine.put("when", java.time.Instant.now().toString());
        machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        machine.put("cpu", first(Path.of("/proc/cpuinfo"), "model name"));
        machine.put("memory", first(Path.of("/proc/meminfo"), "MemTotal"));
        machine.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.put("java options", Server.JAVA_OPTIONS);
        machine.put("camel", String.valueOf(CamelContext.class.getPackage().getImplementationVersion()));
        machine.put("load before", Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static String first(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("?");
    }

    void add(String workload, Figures figures) throws IOException {
        workloads.put(workload, figures.all());
        machine.put(
                "load after " + workload,
                Files.readString(Path.of("/proc/loadavg")).strip());
        System.out.println(table(workload));
    }

    /** Writes the JSON and shows which floors are met. */
    void finish(Path out) throws IOException {
        StringBuilder text = new StringBuilder();
        machine.forEach((name, value) -> text.append(String.format("%-24s %s%n", name, value)));
        workloads.keySet().forEach(workload -> text.append(table(workload)));
        String floors = floors();
        Files.writeString(out.resolve("report.txt"), text + floors);
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        json.writeValue(out.resolve("report.json").toFile(), Map.of("machine", machine, "workloads", workloads));
        System.out.println(floors);
        System.out.println(out.resolve("report.txt") + " and report.json have it all");
    }

    private String floors() {
        StringBuilder text = new StringBuilder(String.format("%nFloors%n"));
        for (Floor floor : FLOORS) {
            Figure figure = workloads.getOrDefault(floor.workload(), Map.of()).get(floor.figure());
            if (figure != null) {
                text.append(String.format(
                        Locale.ROOT,
                        "%-16s %-40s %10.2f %10s  %s%n",
                        floor.workload(),
                        floor.figure(),
                        figure.median(),
                        floor,
                        floor.isMetBy(figure.median()) ? "met" : "MISSED"));
            }
        }
        return text.toString();
    }

    private String table(String workload) {
        StringBuilder text =
                new StringBuilder(String.format("%n%-46s %12s %12s %12s%n", workload, "median", "min", "max"));
        // Ratios first.
        rows(workload, text, true);
        rows(workload, text, false);
        return text.toString();
    }

    private void rows(String workload, StringBuilder text, boolean ratios) {
        workloads.getOrDefault(workload, Map.of()).forEach((name, figure) -> {
            if (name.contains(" / ") == ratios) {
                text.append(String.format(
                        Locale.ROOT,
                        ratios ? "%-46s %12.3f %12.3f %12.3f%n" : "%-46s %12.1f %12.1f %12.1f%n",
                        name,
                        figure.median(),
                        figure.min(),
                        figure.max()));
            }
        });
    }
}
