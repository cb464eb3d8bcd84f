package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An outcome that waits for its commit. */
record Delivery<T>(Reply<T> reply, T outcome) {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    void deliver() {
        try {
            reply.answer(outcome);
        } catch (RuntimeException e) {
            LOG.error("an answer of a coordinator could not be delivered", e);
        }
    }

    void refuse(ErrorCode error) {
        refuse(reply, error);
    }

    static void refuse(Reply<?> reply, ErrorCode error) {
        try {
            reply.refuse(error);
        } catch (RuntimeException e) {
            LOG.error("a refusal of a coordinator could not be delivered", e);
        }
    }
}
