package com.evefan.route;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where route files are, from {@code camel.main.routes-include-pattern}. */
public final class RouteFolders {
    private RouteFolders() {}

    /** The directories of {@code pattern}'s entries of the form {@code file:directory/*.camel.yaml}, in order. */
    public static List<Path> of(String pattern) {
        List<Path> folders = new ArrayList<>();
        for (String entry : pattern.split(",")) {
            String path = entry.strip().replaceFirst("^file:", "");
            Path folder = Path.of(path.replaceFirst("/?[^/]*$", "")).normalize();
            if (!folders.contains(folder)) {
                folders.add(folder);
            }
        }
        return folders;
    }

    /** Those of them that hold destinations. */
    public static List<Path> ofDestinations(String pattern) {
        return of(pattern).stream()
                .filter(folder -> folder.endsWith("destinations"))
                .toList();
    }
}
