package com.evefan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** {@code bench/run [--full] [--floors] [--profile] [--no-yardsticks] [workload…]}. */
public final class Benchmark {
    private Benchmark() {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.of(arguments);
        Path work = Files.createDirectories(options.out().resolve("work-" + ProcessHandle.current().pid()));
        Report report = new Report();
        try (Servers servers = new Servers(work, options.warmUpSeconds())) {
            Workloads workloads = new Workloads(servers, options);
            for (String workload : options.workloads()) {
                report.add(workload, workloads.run(workload));
                if (options.profile()) {
                    Profile.record(servers.evefan(), workload, options);
                }
            }
        } finally {
            removeData(work);
        }
        report.finish(options.out());
        System.exit(0);
    }

    /** Gigabytes; the logs stay. */
    private static void removeData(Path work) throws IOException {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                boolean log = work.equals(file.getParent()) && Files.isRegularFile(file);
                if (!log && !file.equals(work)) {
                    Files.delete(file);
                }
            }
        }
    }
}
