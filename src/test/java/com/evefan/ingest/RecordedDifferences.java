package com.evefan.ingest;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which of the original's requests are answered with another status, by the rule that says so. */
final class RecordedDifferences {
    private static final Map<String, String> BY_RULE = Map.ofEntries(
            entry("a slash at the end, or one too many, says nothing", "double-slash trailing-slash"),
            entry(
                    "the write key may stand in the header or in an event",
                    "wk-basic-only wk-batch-basic wk-batch-in-item"),
            entry(
                    "a key in the header or the query has to be one of a source, whatever stands in the body",
                    "query-string wk-basic-and-body"),
            entry("a path that is not in its normal form is refused", "settings-encoded"),
            entry("gzip is read, and so is a byte order mark", "body-gzip body-bom"),
            entry(
                    "null stands for nothing",
                    "alias-null-prev anon-null ctx-ip-null ctx-null ctx-traits-null-value ctx-ua-null identify-trait-null-value identify-traits-null identify-user-null int-null ots-null page-props-null-extra props-null props-null-value top-extra-null user-null"),
            entry(
                    "numbers are ids too",
                    "alias-number-prev alias-number-user anon-number group-id-number mid-number user-number"),
            entry(
                    "what is in context, and in which form, is the sender's business",
                    "batch-ctx-bad ctx-active-string ctx-app-number-build ctx-app-partial ctx-campaign-array ctx-campaign-number ctx-device-partial ctx-ip-number ctx-lib-partial ctx-locale-array ctx-network-segment ctx-os-partial ctx-page-string ctx-page-wifi-bool ctx-screen-number-density ctx-screen-string-size ctx-tz-number ctx-ua-number ctx-uad-partial metadata-partial"),
            entry(
                    "and so are properties and traits",
                    "group-address-object group-avatar-3 group-avatar-5 group-bad-avatar group-bad-email group-email-2 group-email-3 group-email-4 group-employees-string identify-address-string identify-age-string identify-company-string identify-logins-string identify-phone-number name-number-page page-partial-props page-props-number-title top-category-number"),
            entry("an odd time is no reason to lose an event", "ots-number sent-number ts-number ts-object"),
            entry("a bad event costs only itself", "batch-item-unknown-type batch-one-invalid"),
            entry("the path names the type, a batch's too", "batch-item-no-type-track-path"),
            entry("an anonymousId takes the place of the previousId", "alias-missing-prev"),
            entry(
                    "an event without a name, a user, a group, or with a context of letters says nothing",
                    "alias-empty-user batch-item-ctx-string batch-no-ids-no-ts both-ids-missing both-ids-missing-identify ev-empty group-id-empty"),
            entry(
                    "what is no JSON object is no request, before it is asked who sends it",
                    "body-array body-array-empty body-bool body-number body-string"),
            entry("/v1/import is a path now", "unknown-path"),
            entry("another method is not another path", "delete-track get-track head-track put-track settings-post"),
            entry(
                    "health on the port of ingestion is up or down, for anybody",
                    "health-id-only health-no-auth health-wrong-secret"));

    private RecordedDifferences() {}

    static List<String> ids() {
        List<String> ids = new ArrayList<>();
        BY_RULE.values().forEach(words -> ids.addAll(List.of(words.split(" "))));
        return ids;
    }

    static Map<String, String> unexplained(Map<String, String> differences) {
        Map<String, String> unexplained = new TreeMap<>(differences);
        ids().forEach(unexplained::remove);
        return unexplained;
    }
}
