package com.evefan.destination.postgres;

import com.evefan.delivery.SetUpException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the embedded server needs, checked before it starts so that the message can say what to do. */
final class EmbeddedPostgresPreconditions {
    /** Lines of postmaster.pid: process id, data directory, start time, port, ... */
    private static final int PORT_LINE = 3;

    private EmbeddedPostgresPreconditions() {}

    static void check(Path data, int port) throws SetUpException {
        checkPort(data, port);
        if (isRootOnLinux() && !runs("unshare", "-U", "true")) {
            throw new SetUpException(
                    "the embedded PostgreSQL cannot run as root here (unshare -U fails): start Evefan as another user,"
                            + " or name a server in evefan.postgres.url",
                    null);
        }
    }

    /** A server that a killed process left behind on the same data is no stranger on the port. */
    private static void checkPort(Path data, int port) throws SetUpException {
        List<String> postmaster = postmaster(data);
        boolean left = postmaster.size() > PORT_LINE && isAlive(postmaster.get(0));
        if (left && !postmaster.get(PORT_LINE).strip().equals(Integer.toString(port))) {
            throw new SetUpException(
                    "a PostgreSQL on port " + postmaster.get(PORT_LINE).strip() + " still uses " + data
                            + ": stop process " + postmaster.get(0).strip()
                            + ", or set evefan.postgres.embedded.port to its port",
                    null);
        }
        if (!left && !isFree(port)) {
            throw new SetUpException(
                    "port " + port + " is in use: stop what listens on it, set evefan.postgres.embedded.port, or name a"
                            + " server in evefan.postgres.url",
                    null);
        }
    }

    private static List<String> postmaster(Path data) {
        try {
            return Files.readAllLines(data.resolve("postmaster.pid"));
        } catch (IOException e) {
            return List.of(); // no server has run, or it stopped cleanly
        }
    }

    private static boolean isAlive(String processId) {
        try {
            return ProcessHandle.of(Long.parseLong(processId.strip())).isPresent();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRootOnLinux() {
        return "root".equals(System.getProperty("user.name"))
                && System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
