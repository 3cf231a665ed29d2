package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.JsonNode;
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
    TIMEZONE("context.timezone becomes $timezone") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$timezone") && m.theirs == null && m.oursIs(m.event.at("/context/timezone"));
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
                    && m.event.at("/context/userAgent").isTextual();
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
    NO_ADDRESS("$ip is 0 where no address is known: else Mixpanel places the profile where Evefan runs") {
        @Override
        boolean explains(Member m) {
            return m.name.equals("$ip")
                    && m.theirs == null
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
                            .equals(InsertId.of(m.event.path("messageId").asText()))
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
