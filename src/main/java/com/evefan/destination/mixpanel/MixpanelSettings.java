package com.evefan.destination.mixpanel;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What the mapping and the calls need to know; where the calls go and how long they may take stands in the route.
 *
 * @param token {@code evefan.mixpanel.token}: the project token; empty switches the destination off
 * @param projectId {@code evefan.mixpanel.project-id}: needed with a service account, else may be empty
 * @param serviceAccount {@code evefan.mixpanel.service-account}: {@code user:secret}, or empty to authenticate with the
 *     token
 * @param identityMerge {@code evefan.mixpanel.identity-merge}
 * @param strict {@code evefan.mixpanel.strict}: whether Mixpanel validates every event and names those it refuses
 * @param groupKey {@code evefan.mixpanel.group-key}: the group key of the project that a group call fills
 * @param requestEvents {@code evefan.mixpanel.request.max-events}: events or updates in one request; Mixpanel takes 2,000
 * @param importBytes {@code evefan.mixpanel.request.max-bytes}: bytes of one {@code /import} request before gzip;
 *     Mixpanel's documentation says 2 MB in one place and 10 MB in another
 * @param profileBytes {@code evefan.mixpanel.request.max-profile-bytes}: bytes of one {@code /engage} or {@code /groups}
 *     request; Mixpanel takes 1 MB
 */
public record MixpanelSettings(
        String token,
        String projectId,
        String serviceAccount,
        IdentityMerge identityMerge,
        boolean strict,
        String groupKey,
        int requestEvents,
        int importBytes,
        int profileBytes) {
    private static final String PREFIX = "evefan.mixpanel.";

    public MixpanelSettings {
        check(requestEvents >= 1 && requestEvents <= 2_000, "request.max-events must be 1 to 2000", requestEvents);
        check(importBytes >= 1_000, "request.max-bytes must be at least 1000", importBytes);
        check(profileBytes >= 1_000, "request.max-profile-bytes must be at least 1000", profileBytes);
        if (groupKey.isBlank()) {
            throw new IllegalArgumentException(PREFIX + "group-key must not be empty");
        }
        if (!serviceAccount.isEmpty() && (serviceAccount.indexOf(':') < 1 || projectId.isEmpty())) {
            throw new IllegalArgumentException(
                    PREFIX + "service-account must be user:secret, and " + PREFIX + "project-id must be set with it");
        }
    }

    private static void check(boolean holds, String rule, int value) {
        if (!holds) {
            throw new IllegalArgumentException(PREFIX + rule + ", was " + value);
        }
    }

    /** The Authorization header of {@code /import}: the service account where there is one, else the token as user. */
    String authorization() {
        String credentials = serviceAccount.isEmpty() ? token + ":" : serviceAccount;
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Free of the token and of the account's secret. */
    @Override
    public String toString() {
        return "MixpanelSettings[projectId=" + projectId + ", identityMerge=" + identityMerge + ", strict=" + strict
                + ", groupKey=" + groupKey + "]";
    }
}
