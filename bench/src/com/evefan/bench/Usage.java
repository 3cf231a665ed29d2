package com.evefan.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process has used since its start, as Linux and its garbage collector's log tell.
 *
 * @param cpuMicros of all its threads, user and system
 * @param threadMicros the same by kind of thread
 * @param residentBytes now
 * @param allocatedBytes on the Java heap, to the nearest megabyte, up to the last collection
 * @param pauses of the garbage collector, in milliseconds
 */
record Usage(
        long cpuMicros,
        Map<String, Long> threadMicros,
        long residentBytes,
        long allocatedBytes,
        List<Double> pauses) {
    private static final long MICROS_PER_TICK = 10_000;
    private static final Pattern PAUSE = Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\(\\d+M\\) ([0-9.]+)ms");
    private static final Pattern KIND = Pattern.compile("[ #-]*[0-9][0-9-]*$");

    static Usage of(Server server) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(server.pid()));
        long allocated = 0;
        long before = 0;
        List<Double> pauses = new java.util.ArrayList<>();
        for (String line : Files.readAllLines(server.gcLog())) {
            Matcher pause = PAUSE.matcher(line);
            if (pause.find()) {
                allocated += Long.parseLong(pause.group(1)) - before;
                before = Long.parseLong(pause.group(2));
                pauses.add(Double.parseDouble(pause.group(3)));
            }
        }
        return new Usage(
                cpuMicros(proc.resolve("stat")),
                threads(proc.resolve("task")),
                number(proc.resolve("status"), "VmRSS:") * 1024,
                allocated << 20,
                pauses);
    }

    private static long cpuMicros(Path stat) throws IOException {
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }

    private static Map<String, Long> threads(Path tasks) throws IOException {
        Map<String, Long> threads = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                String name = Files.readString(task.resolve("comm")).strip();
                String kind = KIND.matcher(name).replaceFirst("");
                threads.merge(kind, cpuMicros(task.resolve("stat")), Long::sum);
            }
        } catch (NoSuchFileException | UncheckedIOException e) {
            return threads; // a thread ended meanwhile
        }
        return threads;
    }

    private static long number(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IllegalStateException(name + " is not in " + file);
    }

    /** What was used between {@code earlier} and this; {@code residentBytes} as now. */
    Usage since(Usage earlier) {
        Map<String, Long> threads = new TreeMap<>();
        threadMicros.forEach((kind, micros) -> threads.put(
                kind, Math.max(0, micros - earlier.threadMicros.getOrDefault(kind, 0L))));
        return new Usage(
                cpuMicros - earlier.cpuMicros,
                threads,
                residentBytes,
                allocatedBytes - earlier.allocatedBytes,
                pauses.subList(Math.min(pauses.size(), earlier.pauses.size()), pauses.size()));
    }

    /** What the JIT compiler used: on a busy machine it is at work for minutes. */
    long jitMicros() {
        long micros = 0;
        for (Map.Entry<String, Long> thread : threadMicros.entrySet()) {
            if (thread.getKey().contains("Compiler")) {
                micros += thread.getValue();
            }
        }
        return micros;
    }

    double longestPause() {
        return pauses.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    double pauseSum() {
        return pauses.stream().mapToDouble(Double::doubleValue).sum();
    }
}
