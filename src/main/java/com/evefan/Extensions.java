package com.evefan;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Jars of the user's own: further Camel components, and what these need. */
final class Extensions {
    private static final Path DIRECTORY = Path.of("extensions");

    private Extensions() {}

    /**
     * Makes this thread, and all that it starts, see the jars in {@code extensions/} of the working directory. Jars that
     * are on the class path already, by their file name, are passed over.
     */
    static void load() throws IOException {
        List<URL> jars = jars(DIRECTORY, classPath());
        if (!jars.isEmpty()) {
            Thread.currentThread()
                    .setContextClassLoader(new URLClassLoader(
                            "extensions", jars.toArray(URL[]::new), Extensions.class.getClassLoader()));
        }
    }

    static List<URL> jars(Path directory, Set<String> known) throws IOException {
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    String name = String.valueOf(file.getFileName());
                    if (name.endsWith(".jar") && !known.contains(name)) {
                        jars.add(file.toUri().toURL());
                    }
                }
            }
        }
        return jars;
    }

    private static Set<String> classPath() {
        Set<String> names = new TreeSet<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            names.add(new File(entry).getName());
        }
        return names;
    }
}
