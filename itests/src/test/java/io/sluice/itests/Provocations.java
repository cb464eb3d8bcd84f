package io.sluice.itests;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Collects provocations, API by API. */
final class Provocations {
    private final List<Provocation> all = new ArrayList<>();

    /** The provocations of one API. */
    final class Of {
        private final ApiKeys api;

        private Of(ApiKeys api) {
            this.api = api;
        }

        /** @see Provocation */
        Of answers(Errors error, String when, Provocation.Attempt attempt) {
            all.add(new Provocation(api, error, when, attempt, error, ""));
            return this;
        }

        /** Of the last provocation: why Apache Kafka is not asked. */
        void notOfKafka(String reason) {
            all.add(all.remove(all.size() - 1).unlikeKafka(null, reason));
        }

        /** Of the last provocation: what Apache Kafka answers to it, and why that is not what is answered here. */
        void unlikeKafka(Errors error, String reason) {
            all.add(all.remove(all.size() - 1).unlikeKafka(error, reason));
        }
    }

    Provocations with(ApiKeys api, Consumer<Of> those) {
        those.accept(new Of(api));
        return this;
    }

    List<Provocation> all() {
        return List.copyOf(all);
    }
}
