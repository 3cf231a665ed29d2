package com.evefan.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a route file said when it was read.
 *
 * @param ids of its routes
 */
record RouteText(String text, List<String> ids) {
    static final RouteText NONE = new RouteText("", List.of());

    static RouteText read(Path path) throws IOException {
        List<String> ids = RouteFile.read(path).all("route").stream()
                .map(route -> RouteFile.text(route, "id"))
                .toList();
        return new RouteText(Files.readString(path), ids);
    }
}
