package com.evefan.route;

import static com.evefan.route.RouteFile.text;

import com.evefan.delivery.Destinations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * A destination as its file says.
 *
 * @param enabled false where {@code autoStartup} switches it off
 */
public record DestinationRoute(String name, boolean enabled) {
    /** The destinations in {@code files}, in their order; {@code properties} are those of the placeholders. */
    public static List<DestinationRoute> in(Collection<Path> files, Properties properties) throws IOException {
        List<DestinationRoute> destinations = new ArrayList<>();
        for (Path file : files) {
            for (MappingNode route : RouteFile.read(file).all("route")) {
                if (text(route, "group").equals(Destinations.GROUP)) {
                    destinations.add(new DestinationRoute(text(route, "id"), isEnabled(route, properties)));
                }
            }
        }
        return destinations;
    }

    private static boolean isEnabled(MappingNode route, Properties properties) {
        String text = text(route, "autoStartup");
        String value = text.startsWith("{{") ? properties.getProperty(text.substring(2, text.length() - 2), "") : text;
        return !value.equals("false");
    }
}
