package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where we leave what the original sent, each with its rule. */
enum OracleDifference {
    UNKNOWN_PLACE("Latitude and longitude are not sent as -1 where they are not known") {
        @Override
        boolean explains(Member m) {
            return Set.of("$latitude", "$longitude").contains(m.name) && m.ours == null && m.theirs.asInt() == -1;
        }
    },
    TOKEN("The project's token is no property of an event: the request is authenticated") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("token") && m.ours == null;
        }
    },
    FIELDS("Fields that Mixpanel and Segment's mapping know, and the original did not") {
        @Override
        boolean explains(Member m) {
            String path = NEW_FIELDS.get(m.name);
            return path != null && m.theirs == null && m.oursIs(m.event.at(path));
        }
    },
    ADVERTISING_ID("An iOS device's advertising id becomes $ios_ifa") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$ios_ifa")
                    && m.theirs == null
                    && m.oursIs(m.event.at("/context/device/advertisingId"));
        }
    },
    SOURCE("$source says who sent the event to Mixpanel") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$source")
                    && m.theirs == null
                    && m.ours.asText().equals("evefan");
        }
    },
    LIBRARY("The library's version is that of context.library") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$lib_version") && m.oursIs(m.event.at("/context/library/version"));
        }
    },
    RESERVED("What Mixpanel reserves is not the sender's to set") {
        @Override
        boolean explains(Member m) {
            return m.ours == null
                    && Mapping.shipped().reserved(m.name) != null
                    && (m.event.path("properties").has(m.name)
                            || m.name.equals("mp_processing_time_ms")
                                    && m.event.path("properties").has("mpProcessingTimeMs"));
        }
    },
    SCREEN("A screen is no page view") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("event")
                    && m.event.path("type").asText().equals("screen")
                    && m.ours.asText().equals("Screen Viewed");
        }
    },
    COUNTRY("A country is mp_country_code on events, and two letters on profiles too, or not there") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("mp_country_code")
                            && m.theirs == null
                            && m.ours.asText().matches("[A-Z]{2}")
                    || m.name.equals("$country_code")
                            && m.ours == null
                            && (!m.inProfile || !m.theirs.asText().matches("[A-Za-z]{2}"));
        }
    },
    GROUP("A group is on the user in a list under its group key, as it is on events") {
        @Override
        boolean explains(Member m) {
            String id = m.event.path("groupId").asText();
            return m.name.equals("$set")
                            && m.ours == null
                            && m.theirs.path("$group_id").asText().equals(id)
                    || m.name.equals("$union")
                            && m.theirs == null
                            && m.ours.path("groupId").size() == 1
                            && m.ours.path("groupId").get(0).asText().equals(id)
                    || m.name.equals("groupId")
                            && m.theirs == null
                            && m.ours.size() == 1
                            && m.ours.get(0).equals(m.event.at("/context/groupId"));
        }
    },
    GROUP_FIELDS("Fields of a group's profile have Mixpanel's names") {
        @Override
        boolean explains(Member m) {
            String trait = GROUP_TRAITS.get(m.name);
            boolean moved = trait != null
                    && m.theirs == null
                    && m.oursIs(m.event.path("traits").path(trait));
            return m.event.path("type").asText().equals("group")
                    && (moved || m.ours == null && GROUP_TRAITS.containsValue(m.name));
        }
    },
    REQUEST_IP("The address is context.ip's; request_ip is anybody's word, which evefan.enrichment.ip does not reach") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("ip") && m.theirs != null && m.theirs.equals(m.event.path("request_ip"));
        }
    },
    PAGE("context.page becomes $current_url and $referrer; the original lost it on its way") {
        @Override
        boolean explains(Member m) {
            return m.theirs == null
                    && (m.name.equals("$current_url") && m.oursIs(m.event.at("/context/page/url"))
                            || m.name.equals("$referrer") && m.oursIs(m.event.at("/context/page/referrer")));
        }
    },
    NETWORK("context.network has carrier and wifi; the original looked for them in context.page") {
        @Override
        boolean explains(Member m) {
            return m.theirs == null
                    && (m.name.equals("$carrier") && m.oursIs(m.event.at("/context/network/carrier"))
                            || m.name.equals("$wifi") && m.oursIs(m.event.at("/context/network/wifi")));
        }
    },
    ANDROID("Android devices have properties as iOS devices do; the original had only the push token") {
        @Override
        boolean explains(Member m) {
            return m.name.startsWith("$android_") && m.theirs == null;
        }
    },
    OPERATING_SYSTEM("The operating system comes from the user agent where context.os does not name one") {
        @Override
        boolean explains(Member m) {
            return Set.of("$os", "$os_version").contains(m.name)
                    && m.theirs == null
                    && (m.event.at("/context/userAgent").isTextual()
                            || m.event.at("/context/userAgentData").isObject());
        }
    },
    BROWSER("Another library reads user agents: these it knows by another name, or knows the version of") {
        @Override
        boolean explains(Member m) {
            return Set.of("$browser", "$browser_version").contains(m.name)
                    && Set.of(
                                    "ua-ios-webview",
                                    "ua-opera-touch",
                                    "ua-duckduckgo",
                                    "ua-facebook",
                                    "ua-instagram",
                                    "ua-wechat",
                                    "ua-tiktok",
                                    "ua-huawei",
                                    "ua-native-android",
                                    "ua-native-ios",
                                    "ua-old-android",
                                    "ua-tv")
                            .contains(m.record);
        }
    },
    NESTED("Objects in properties and traits stay what they are; the original emptied them") {
        @Override
        boolean explains(Member m) {
            return m.theirs != null && m.ours != null && m.theirs.isObject() && m.theirs.isEmpty() && m.ours.isObject();
        }
    },
    ADDRESS_IN_CONTEXT("The address in context.traits counts; the original emptied it") {
        @Override
        boolean explains(Member m) {
            return Set.of("$city", "$region", "$country_code").contains(m.name)
                    && m.theirs == null
                    && m.event.at("/context/traits/address").isObject();
        }
    },
    NUMBERS("A number keeps its digits, also beyond what a double holds") {
        @Override
        boolean explains(Member m) {
            return m.ours != null
                    && m.ours.isNumber()
                    && m.theirs != null
                    && (m.theirs.isNull() || m.theirs.doubleValue() == m.ours.doubleValue());
        }
    },
    CUSTOM_TRAITS("Traits that are no profile fields are kept under their own names") {
        @Override
        boolean explains(Member m) {
            return m.inProfile
                    && m.theirs == null
                    && (m.oursIs(m.event.path("traits").path(m.name))
                            || m.oursIs(m.event.path("context").path("traits").path(m.name)));
        }
    },
    NO_ADDRESS("The address is 0 where none is known: else Mixpanel places the user where Evefan runs") {
        @Override
        boolean explains(Member m) {
            return Set.of("ip", "$ip").contains(m.name)
                    && (m.theirs == null || !m.theirs.asText().contains("."))
                    && m.ours != null
                    && m.ours.asText().equals("0");
        }
    },
    UTM_KEPT("utm_* properties of the sender are not erased") {
        @Override
        boolean explains(Member m) {
            return m.name.startsWith("utm_")
                    && m.theirs == null
                    && m.oursIs(m.event.path("properties").path(m.name));
        }
    },
    EMPTY("An empty value is none, whichever property it would become") {
        @Override
        boolean explains(Member m) {
            return m.ours == null
                    && m.theirs != null
                    && m.theirs.isTextual()
                    && m.theirs.textValue().isEmpty()
                    && (m.name.startsWith("utm_") || m.name.equals("$user_id") || m.name.equals("current_page_title"));
        }
    },
    INSERT_ID(
            "A messageId that Mixpanel would not take is hashed whole; the original cut its head and kept its characters") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$insert_id")
                    && m.ours != null
                    && m.ours.asText()
                            .equals(Identity.insertId(m.event.path("messageId").asText()))
                    && !m.ours.asText().equals(m.event.path("messageId").asText());
        }
    },
    GENERATED_ID("The recording has a marker in the place of generated ids") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$insert_id")
                    && m.theirs != null
                    && m.theirs.asText().equals("$UUID")
                    && m.ours != null;
        }
    },
    OWN_CONTEXT("An event's own context wins over the batch's") {
        @Override
        boolean explains(Member m) {
            return m.record.equals("batch-ctx-merge")
                    && (m.name.equals("ip") && m.oursIs(m.event.at("/context/ip"))
                            || m.name.equals("mp_lib") && m.oursIs(m.event.at("/context/library/name")));
        }
    },
    PROTO("A property called __proto__ is one like any other") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("__proto__")
                    && m.theirs == null
                    && m.oursIs(m.event.path("properties").path(m.name));
        }
    },
    TIME("time is the corrected one: never unknown, never after the arrival") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("time")
                    && m.ours != null
                    && m.ours.asLong()
                            == java.time.Instant.parse(m.event.path("timestamp").asText())
                                    .toEpochMilli();
        }
    };

    private static final Map<String, String> NEW_FIELDS = Map.ofEntries(
            Map.entry("$timezone", "/context/timezone"),
            Map.entry("timezone", "/context/timezone"),
            Map.entry("$locale", "/context/locale"),
            Map.entry("$app_name", "/context/app/name"),
            Map.entry("$app_namespace", "/context/app/namespace"),
            Map.entry("$device_name", "/context/device/name"),
            Map.entry("$device_type", "/context/device/type"),
            Map.entry("$cellular_enabled", "/context/network/cellular"),
            Map.entry("$screen_density", "/context/screen/density"),
            Map.entry("$model", "/context/userAgentData/model"));

    private static final Map<String, String> GROUP_TRAITS =
            Map.of("$name", "name", "$created", "createdAt", "$email", "email", "$phone", "phone", "$avatar", "avatar");

    /** One member that differs; a value that is not there is null. */
    record Member(
            String record,
            boolean inProfile,
            String name,
            @Nullable JsonNode theirs,
            @Nullable JsonNode ours,
            JsonNode event) {
        boolean oursIs(JsonNode value) {
            return ours != null && ours.equals(value);
        }
    }

    final String rule;

    OracleDifference(String rule) {
        this.rule = rule;
    }

    abstract boolean explains(Member member);
}
