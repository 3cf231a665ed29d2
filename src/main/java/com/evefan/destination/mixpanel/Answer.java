package com.evefan.destination.mixpanel;

import java.util.Map;

/** What Mixpanel said to a request. */
sealed interface Answer {
    /** It has all of it. */
    record Taken() implements Answer {}

    /**
     * It has all but these, which it will never take.
     *
     * @param refused the reason by the element's index
     */
    record Partly(Map<Integer, Refusal> refused) implements Answer {}

    /** It will not take all of it as it stands, and does not say which element is to blame: to be halved. */
    record Refused(Refusal refusal) implements Answer {}

    /**
     * It has none of it for sure, and may take it later.
     *
     * @param cause a {@code RetryableException} or a {@code SetUpException}
     */
    record Failed(Exception cause) implements Answer {}

    /**
     * Why an element is refused.
     *
     * @param error in a word: the field, or the HTTP status
     * @param reason in Mixpanel's words
     */
    record Refusal(String error, String reason) {}
}
