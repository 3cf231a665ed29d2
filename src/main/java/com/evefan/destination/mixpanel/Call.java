package com.evefan.destination.mixpanel;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What one event asks of one endpoint: one element of a request.
 *
 * @param endpoint where it goes
 * @param body one event or one update
 */
record Call(Endpoint endpoint, ObjectNode body) {}
