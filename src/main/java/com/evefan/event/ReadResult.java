package com.evefan.event;

import java.util.List;

/**
 * What became of a request's events: every one is accepted, invalid or dropped.
 *
 * @param accepted in the order of the request
 * @param invalid in the order of the request
 * @param warnings of accepted events that are not what their sender meant
 * @param dropped so many that their source does not want: of robots
 * @param total the number of events in the request
 */
public record ReadResult(EventBatch accepted, List<Invalid> invalid, List<Warning> warnings, int dropped, int total) {
    public ReadResult {
        invalid = List.copyOf(invalid);
        warnings = List.copyOf(warnings);
    }
}
