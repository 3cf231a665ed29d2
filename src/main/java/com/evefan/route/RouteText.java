package com.evefan.route;

import com.evefan.delivery.Destinations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a route file said when it was read.
 *
 * @param ids of its routes
 * @param destinations those of its routes that are destinations
 */
record RouteText(String text, List<String> ids, List<String> destinations) {
    static final RouteText NONE = new RouteText("", List.of(), List.of());

    static RouteText read(Path path) throws IOException {
        RouteFile file = RouteFile.read(path);
        List<String> ids = file.all("route").stream()
                .map(route -> RouteFile.text(route, "id"))
                .toList();
        List<String> destinations = file.all("route").stream()
                .filter(route -> RouteFile.text(route, "group").equals(Destinations.GROUP))
                .map(route -> RouteFile.text(route, "id"))
                .toList();
        return new RouteText(Files.readString(path), ids, destinations);
    }
}
