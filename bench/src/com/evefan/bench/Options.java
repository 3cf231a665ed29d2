package com.evefan.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be measured.
 *
 * @param seconds of one measurement
 * @param warmUpSeconds before the first
 * @param yardsticks whether to measure them: without them for work on one figure only
 * @param profile whether to record each workload once more and say where the time goes
 */
record Options(List<String> workloads, int rounds, double seconds, double warmUpSeconds, boolean yardsticks, boolean profile, Path out) {
    static final List<String> QUICK = List.of("single-32", "batch-100");
    /** Those of which something is expected. */
    static final List<String> FLOORS =
            List.of(
                    "single-32", "batch-100", "visible", "destinations-4", "dead", "slow", "replay", "backlog", "cold", "busy",
                    "idle");

    static final List<String> FULL = List.of(
            "single-1",
            "single-32",
            "single-256",
            "batch-10",
            "batch-100",
            "batch-500",
            "mixed",
            "open",
            "visible",
            "destinations-2",
            "destinations-4",
            "dead",
            "slow",
            "replay",
            "backlog",
            "cold",
            "busy",
            "idle",
            "cluster");

    static Options of(String[] arguments) {
        List<String> workloads = new ArrayList<>();
        boolean full = false;
        boolean floors = false;
        boolean yardsticks = true;
        boolean profile = false;
        for (String argument : arguments) {
            switch (argument) {
                case "--full" -> full = true;
                case "--floors" -> floors = true;
                case "--no-yardsticks" -> yardsticks = false;
                case "--profile" -> profile = true;
                default -> workloads.add(known(argument));
            }
        }
        if (workloads.isEmpty()) {
            workloads.addAll(full ? FULL : floors ? FLOORS : QUICK);
        }
        int rounds = Integer.getInteger("bench.rounds", 3);
        double seconds = Double.parseDouble(System.getProperty("bench.seconds", full || floors ? "12" : "6"));
        double warmUp = Double.parseDouble(System.getProperty("bench.warm-up-seconds", full ? "45" : "30"));
        return new Options(List.copyOf(workloads), rounds, seconds, warmUp, yardsticks, profile, Path.of("target", "bench"));
    }

    private static String known(String workload) {
        if (!FULL.contains(workload)) {
            throw new IllegalArgumentException(
                    "there is no workload " + workload + "; there are " + String.join(", ", FULL));
        }
        return workload;
    }
}
