package com.evefan.destination.mixpanel;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The endpoints of Mixpanel's ingestion API that events go to. Each takes or refuses on its own. */
enum Endpoint {
    /** Profile updates. Mixpanel's reference says that it takes no gzip. */
    ENGAGE("/engage", false),
    /** Group profile updates; no gzip either. */
    GROUPS("/groups", false),
    /** Events. */
    IMPORT("/import", true),
    /**
     * Profile updates that count what they are told twice. Apart from the others, and the last: only when nothing else of
     * a batch can make Evefan send it again.
     */
    REVENUE("/engage", false);

    private final String path;
    private final boolean gzip;

    Endpoint(String path, boolean gzip) {
        this.path = path;
        this.gzip = gzip;
    }

    String path() {
        return path;
    }

    boolean gzip() {
        return gzip;
    }

    /** The name in markers, settings and messages. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The query: strict validation for events, and a reason with every refusal for profiles. */
    String query(MixpanelSettings settings) {
        if (this != IMPORT) {
            return "verbose=1";
        }
        String strict = "strict=" + (settings.strict() ? 1 : 0);
        return settings.projectId().isEmpty()
                ? strict
                : strict + "&project_id=" + URLEncoder.encode(settings.projectId(), StandardCharsets.UTF_8);
    }

    int maxBytes(MixpanelSettings settings) {
        return this == IMPORT
                ? settings.limits().importBytes()
                : settings.limits().profileBytes();
    }
}
