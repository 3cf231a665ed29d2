package com.evefan.configuration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether the ports that Evefan listens on are free, told before anything starts. */
public final class Ports {
    private Ports() {}

    /**
     * @param wanted the property that sets a port to {@code host:port}
     * @throws ConfigurationException one problem for each port that is taken
     */
    public static void checkFree(Map<String, String> wanted) throws ConfigurationException {
        List<String> problems = new ArrayList<>();
        wanted.forEach((property, address) -> {
            int colon = address.lastIndexOf(':');
            String host = address.substring(0, colon);
            int port = Integer.parseInt(address.substring(colon + 1));
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
                socket.getLocalPort(); // free: the server itself binds it in a moment
            } catch (IOException e) {
                problems.add(property + ": cannot listen on " + address + ": " + e.getMessage());
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }
}
