package com.evefan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** A flight recording of one more measurement, and what it says costs most. */
final class Profile {
    private static final int TOP = 40;

    private final Map<String, Long> selfSamples = new HashMap<>();
    private final Map<String, Long> stageSamples = new HashMap<>();
    private final Map<String, Long> threadSamples = new HashMap<>();
    private final Map<String, Long> allocations = new HashMap<>();
    private final Map<String, Long> allocatedIn = new HashMap<>();

    private Profile() {}

    static void record(Evefan evefan, String workload, Options options) throws Exception {
        boolean single = workload.startsWith("single");
        Bodies bodies = single ? Bodies.single() : Bodies.batches(100);
        Path file = options.out().resolve(workload + ".jfr").toAbsolutePath();
        String pid = String.valueOf(evefan.server().pid());
        jcmd(pid, "JFR.start", "name=bench", "settings=profile", "filename=" + file);
        Figures figures = new Figures();
        new Subject(evefan, "", figures).closed(bodies, single ? 32 : 8, Math.max(10, options.seconds()));
        jcmd(pid, "JFR.stop", "name=bench");
        double micros = Subject.median(figures.all(), "CPU us per event");
        double bytes = Subject.median(figures.all(), "allocated bytes per event");
        new Profile().read(file).print(workload, micros, bytes);
    }

    private static void jcmd(String pid, String... command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .command(concat(pid, command))
                .start();
        jcmd.waitFor(60, TimeUnit.SECONDS);
    }

    private static String[] concat(String pid, String[] command) {
        String[] all = new String[command.length + 2];
        all[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        all[1] = pid;
        System.arraycopy(command, 0, all, 2, command.length);
        return all;
    }

    private Profile read(Path file) throws IOException {
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample" -> {
                        count(selfSamples, frame(event), 1);
                        count(stageSamples, stage(event), 1);
                        count(threadSamples, thread(event), 1);
                    }
                    case "jdk.ObjectAllocationSample" -> {
                        long weight = event.getLong("weight");
                        count(allocations, event.getClass("objectClass").getName(), weight);
                        count(allocatedIn, stage(event), weight);
                    }
                    default -> {}
                }
            }
        }
        return this;
    }

    private static void count(Map<String, Long> into, String name, long weight) {
        into.merge(name, weight, Long::sum);
    }

    private static String frame(RecordedEvent event) {
        if (event.getStackTrace() == null || event.getStackTrace().getFrames().isEmpty()) {
            return "?";
        }
        return name(event.getStackTrace().getFrames().get(0));
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static String thread(RecordedEvent event) {
        var thread = event.getThread("sampledThread");
        return thread == null || thread.getJavaName() == null
                ? "?"
                : thread.getJavaName().replaceAll("[0-9]+", "n");
    }

    /** The method of ours nearest to the top; else who else's code it is. */
    private static String stage(RecordedEvent event) {
        if (event.getStackTrace() == null) {
            return "?";
        }
        @Nullable String other = null;
        for (RecordedFrame frame : event.getStackTrace().getFrames()) {
            String name = name(frame);
            if (name.startsWith("com.evefan.")) {
                return name;
            }
            if (other == null && !name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("sun.")) {
                other = name;
            }
        }
        return other == null ? frame(event) : other;
    }

    private void print(String workload, double micros, double bytes) {
        System.out.printf(Locale.ROOT, "%nProfile of %s: %.1f us of CPU, %.0f bytes per event%n", workload, micros, bytes);
        top("us per event by thread (Java code only)", threadSamples, micros);
        top("us per event by method of ours, or of the library", stageSamples, micros);
        top("us per event by method", selfSamples, micros);
        top("bytes per event by class", allocations, bytes);
        top("bytes per event by method of ours, or of the library", allocatedIn, bytes);
    }

    private static void top(String title, Map<String, Long> costs, double perEvent) {
        double all = costs.values().stream().mapToLong(Long::longValue).sum();
        System.out.println(System.lineSeparator() + title);
        costs.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(TOP)
                .forEach(cost -> System.out.printf(
                        Locale.ROOT, "%10.2f  %s%n", cost.getValue() / all * perEvent, cost.getKey()));
    }
}
