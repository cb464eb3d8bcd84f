package io.sluice.itests;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * One way to be refused.
 *
 * @param when what is wrong with the request, to be read after "END_TXN answers PRODUCER_FENCED "
 * @param attempt makes it happen, with names that no other provocation uses
 * @param kafkas what Apache Kafka answers, which is the same unless there is a reason; null when it is not asked
 * @param reason why the answers differ, or why it is not asked; empty when they do not
 */
record Provocation(ApiKeys api, Errors error, String when, Attempt attempt, Errors kafkas, String reason) {
    /** Asks for what is refused, over a connection of its own. */
    @FunctionalInterface
    interface Attempt {
        /** @return the error code of the last answer */
        short by(RawClient client) throws Exception;
    }

    Provocation unlikeKafka(Errors other, String why) {
        return new Provocation(api, error, when, attempt, other, why);
    }

    @Override
    public String toString() {
        return api + " answers " + error + " " + when;
    }
}
