package io.sluice.cluster.controller;

import io.sluice.protocol.Message;
import java.util.List;

/**
 * What a request leads to: the records that are to be committed together, and the answer that holds once they are.
 */
record Decision<R>(List<Message> records, R response) {
    Decision {
        records = List.copyOf(records);
    }

    static <R> Decision<R> unchanged(R response) {
        return new Decision<>(List.of(), response);
    }
}
