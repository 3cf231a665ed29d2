package com.evefan.destination.postgres;

import com.evefan.files.PrivateFiles;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who gets into the embedded server: whoever knows a password, the superuser's too, also for somebody with an account on
 * this machine. The library makes data directories that let in everybody; those, and the ones of former versions, are
 * converted before the server starts.
 */
final class EmbeddedPostgresAccess {
    private static final String RULES = """
            # TYPE  DATABASE  USER  ADDRESS       METHOD
            local   all       all                 scram-sha-256
            host    all       all   127.0.0.1/32  scram-sha-256
            host    all       all   ::1/128       scram-sha-256
            """;

    private static final int BYTES = 24;
    private static final long PATIENCE_SECONDS = 30;
    private static final long STOP_SECONDS = 10;

    /** Where the library keeps the programs of this process, which need not be below its first data directory. */
    private static volatile @Nullable Path programs;

    private final Path data;
    private final Path file;
    private final boolean known;
    private final String password;

    private EmbeddedPostgresAccess(Path data, Path file, boolean known, String password) {
        this.data = data;
        this.file = file;
        this.known = known;
        this.password = password;
    }

    /**
     * @param data of the server
     * @param file with the superuser's password, made when the server has it
     */
    static EmbeddedPostgresAccess of(Path data, Path file) throws IOException {
        String kept = Files.exists(file) && Files.exists(data.resolve("PG_VERSION"))
                ? Files.readString(file).strip()
                : "";
        boolean known = !kept.isEmpty();
        return new EmbeddedPostgresAccess(data, file, known, known ? kept : random());
    }

    private static String random() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** The superuser's. */
    String password() {
        return password;
    }

    /** A server of a former version that a killed process left behind lets in everybody until it has stopped. */
    void stopWhatLetsInEverybody() throws IOException {
        Path postmaster = data.resolve("postmaster.pid");
        if (known && Files.exists(data.resolve("pg_hba.conf")) && asksForPasswords() || !Files.exists(postmaster)) {
            return;
        }
        ProcessHandle process = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(postmaster).get(0).strip()))
                .filter(this::isOurs)
                .orElse(null);
        if (process == null) {
            return;
        }
        process.destroy(); // waits for its clients, who may stay
        if (!ends(process)) {
            process.destroyForcibly();
            if (!ends(process)) {
                throw new IOException("process " + process.pid() + " is a PostgreSQL of a former version that lets in"
                        + " everybody without a password, and does not stop: end it");
            }
        }
    }

    /** The number of a process that is gone may be another's now, also another PostgreSQL's. */
    private boolean isOurs(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("postgres")
                && Stream.of(process.info().arguments().orElse(new String[0])).anyMatch(this::isData);
    }

    private boolean isData(String argument) {
        try {
            return Files.isSameFile(Path.of(argument), data);
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    private static boolean ends(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    /**
     * Before every start, when the data directory is there and no server runs on it.
     *
     * @param below the directory that the library puts its programs into
     */
    void close(Path below) throws IOException {
        PrivateFiles.closeToOthers(data);
        PrivateFiles.closeToOthers(below);
        if (!known) {
            // First the password, as nobody could set it afterwards; a kill in between has all of it done again.
            setPassword(below);
        }
        if (!asksForPasswords()) {
            PrivateFiles.write(data.resolve("pg_hba.conf"), RULES);
        }
        if (!known) {
            PrivateFiles.write(file, password + "\n");
        }
    }

    /** Whether every line asks for one; an operator may have added some. */
    private boolean asksForPasswords() throws IOException {
        return Files.readAllLines(data.resolve("pg_hba.conf")).stream()
                .map(line -> line.replaceAll("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .allMatch(line -> line.endsWith(" scram-sha-256") || line.endsWith(" reject"));
    }

    /** In single-user mode, in which nobody else can connect. */
    private void setPassword(Path below) throws IOException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program(below).toString(), "--single", "-j", "-D", data.toString(), "postgres"));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        below.resolve("postgres.log").toFile()))
                .start();
        try (var statements = process.getOutputStream()) {
            statements.write(("ALTER ROLE postgres PASSWORD '" + password + "';\n\n").getBytes(StandardCharsets.UTF_8));
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("the superuser's password could not be set within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "the superuser's password could not be set: postgres --single ended with " + process.exitValue());
        }
    }

    private static Path program(Path below) throws IOException {
        try (Stream<Path> found = Files.walk(below, 3)) {
            Path newest = found.filter(path -> path.endsWith(Path.of("bin", "postgres")))
                    .max(Comparator.comparing(path -> path.toFile().lastModified()))
                    .orElse(programs);
            if (newest == null) {
                throw new IOException("there is no program postgres in " + below);
            }
            programs = newest.toAbsolutePath();
            return newest.toAbsolutePath();
        }
    }
}
