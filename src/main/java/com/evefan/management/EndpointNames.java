package com.evefan.management;

import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.management.DefaultManagementObjectNameStrategy;
import org.apache.camel.util.ObjectHelper;

/**
 * The names of endpoints in JMX. Camel takes their URI, in which there may be the values of settings, and so secrets: the
 * address of a chat's webhook is one. What leads out of Evefan is named by its component and a number.
 */
final class EndpointNames extends DefaultManagementObjectNameStrategy {
    /** Whose URIs have nothing but names of Evefan's own. */
    private static final Set<String> OWN =
            Set.of("activemq", "direct", "journal", "management", "platform-http", "seda");

    @Override
    protected String getEndpointId(Endpoint endpoint) {
        String uri = endpoint.getEndpointUri();
        String scheme = uri.substring(0, Math.max(0, uri.indexOf(':')));
        return OWN.contains(scheme)
                ? super.getEndpointId(endpoint)
                : scheme + ":" + ObjectHelper.getIdentityHashCode(endpoint);
    }
}
