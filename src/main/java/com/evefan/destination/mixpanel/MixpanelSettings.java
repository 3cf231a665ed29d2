package com.evefan.destination.mixpanel;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the mapping and the calls need to know; where the calls go and how long they may take stands in the route.
 *
 * @param token {@code evefan.mixpanel.token}: the project token; empty switches the destination off
 * @param projectId {@code evefan.mixpanel.project-id}: needed with a service account, else may be empty
 * @param serviceAccount {@code evefan.mixpanel.service-account}: {@code user:secret}, or empty to authenticate with the
 *     token
 * @param strict {@code evefan.mixpanel.strict}: whether Mixpanel validates every event and names those it refuses
 * @param rules what is said of an event where Mixpanel leaves a choice
 * @param limits of one request
 */
public record MixpanelSettings(
        String token, String projectId, String serviceAccount, boolean strict, Rules rules, Limits limits) {
    private static final String PREFIX = "evefan.mixpanel.";

    /** How a Mixpanel project joins the devices of one user: a setting of the project, which ours must repeat. */
    public enum IdentityMerge {
        /** {@code $device_id} and {@code $user_id} stand in every event, and Mixpanel joins them. */
        SIMPLIFIED,
        /** Ids are joined by {@code $merge} and {@code $create_alias} events of their own. */
        ORIGINAL
    }

    /** What the {@code revenue} of an event does to its user's profile. Mixpanel repeats what it is told twice. */
    public enum Revenue {
        OFF,
        /** It is appended to {@code $transactions}, with its time. */
        TRANSACTIONS,
        /** It is added to the number {@code revenue}. */
        SUM;

        /** The profile's property that it is kept in. */
        String property() {
            return this == TRANSACTIONS ? "$transactions" : "revenue";
        }
    }

    /**
     * What is said of an event where Mixpanel leaves a choice.
     *
     * @param identityMerge {@code evefan.mixpanel.identity-merge}
     * @param groupKey {@code evefan.mixpanel.group-key}: the group key of the project for groups of no particular kind
     * @param groupKeys {@code evefan.mixpanel.group-keys}: group keys by the group type, or the trait, that means them;
     *     a key that no other name means is meant by its own
     * @param pageEvent {@code evefan.mixpanel.page-event}: the name of the event that a page is; may have
     *     {@code {name}} and {@code {category}} in it
     * @param screenEvent {@code evefan.mixpanel.screen-event}: the same for a screen
     * @param productEvents {@code evefan.mixpanel.product-events}: whether each product of an order is an event too
     * @param revenue {@code evefan.mixpanel.revenue}
     */
    public record Rules(
            IdentityMerge identityMerge,
            String groupKey,
            Map<String, String> groupKeys,
            String pageEvent,
            String screenEvent,
            boolean productEvents,
            Revenue revenue) {
        public Rules {
            Map<String, String> keys = new LinkedHashMap<>(groupKeys);
            keys.putIfAbsent(groupKey, groupKey);
            groupKeys.values().forEach(key -> keys.putIfAbsent(key, key));
            groupKeys = Collections.unmodifiableMap(keys);
            checkNotBlank("group-key", groupKey);
            checkNotBlank("page-event", pageEvent);
            checkNotBlank("screen-event", screenEvent);
            Mapping mapping = Mapping.shipped();
            checkNotReserved(mapping, "group-key", groupKey);
            groupKeys.values().forEach(key -> checkNotReserved(mapping, "group-keys", key));
        }

        private static void checkNotBlank(String key, String value) {
            if (value.isBlank()) {
                throw new IllegalArgumentException(PREFIX + key + " must not be empty");
            }
        }

        private static void checkNotReserved(Mapping mapping, String key, String value) {
            if (mapping.reserved(value) != null) {
                throw new IllegalArgumentException(PREFIX + key + ": " + value
                        + " is a property of Mixpanel's own; it must be a group key of the project's settings");
            }
        }
    }

    /**
     * The bounds of one request.
     *
     * @param events {@code evefan.mixpanel.request.max-events}: events or updates in it; Mixpanel takes 2,000
     * @param importBytes {@code evefan.mixpanel.request.max-bytes}: bytes of one {@code /import} request before gzip;
     *     Mixpanel's documentation says 2 MB in one place and 10 MB in another
     * @param profileBytes {@code evefan.mixpanel.request.max-profile-bytes}: bytes of one {@code /engage} or
     *     {@code /groups} request; Mixpanel takes 1 MB
     */
    public record Limits(int events, int importBytes, int profileBytes) {
        public Limits {
            check(events >= 1 && events <= 2_000, "request.max-events must be 1 to 2000", events);
            check(importBytes >= 1_000, "request.max-bytes must be at least 1000", importBytes);
            check(profileBytes >= 1_000, "request.max-profile-bytes must be at least 1000", profileBytes);
        }

        private static void check(boolean holds, String rule, int value) {
            if (!holds) {
                throw new IllegalArgumentException(PREFIX + rule + ", was " + value);
            }
        }
    }

    public MixpanelSettings {
        if (!serviceAccount.isEmpty() && (serviceAccount.indexOf(':') < 1 || projectId.isEmpty())) {
            throw new IllegalArgumentException(
                    PREFIX + "service-account must be user:secret, and " + PREFIX + "project-id must be set with it");
        }
    }

    /**
     * Group keys from entries {@code type=key}, or {@code key} alone where both have the same name.
     *
     * @throws IllegalArgumentException when an entry is none; the message names the setting
     */
    public static Map<String, String> groupKeys(List<String> entries) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            String type = (equals < 0 ? entry : entry.substring(0, equals)).strip();
            String key = entry.substring(equals + 1).strip();
            if (type.isEmpty() || key.isEmpty() || keys.put(type, key) != null) {
                throw new IllegalArgumentException(PREFIX + "group-keys must be type=key, each type once, separated by"
                        + " commas, was '" + entry + "'");
            }
        }
        return keys;
    }

    /** The Authorization header of {@code /import}: the service account where there is one, else the token as user. */
    String authorization() {
        String credentials = serviceAccount.isEmpty() ? token + ":" : serviceAccount;
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Free of the token and of the account's secret. */
    @Override
    public String toString() {
        return "MixpanelSettings[projectId=" + projectId + ", strict=" + strict + ", " + rules + "]";
    }
}
