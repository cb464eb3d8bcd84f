package io.sluice.itests;

import static org.apache.kafka.common.protocol.ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS;
import static org.apache.kafka.common.protocol.ApiKeys.INCREMENTAL_ALTER_CONFIGS;
import static org.apache.kafka.common.protocol.ApiKeys.LIST_CONFIG_RESOURCES;
import static org.apache.kafka.common.protocol.ApiKeys.PUSH_TELEMETRY;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.protocol.Errors;

/** Which configurations are refused, of groups, client metrics, brokers, their loggers and topics; and which pushes of metrics. */
class ConfigErrorsIT extends ErrorSuite {
    private static final int TELEMETRY_BYTES_MAX = 1_048_576;
    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int BROKER_LOGGER = 8;
    private static final int CLIENT_METRICS = 16;
    private static final int GROUP = 32;
    private static final byte APPEND = 2;

    @Override
    String[] settings() {
        return new String[0];
    }

    @Override
    void prepare(String bootstrap) {}

    static List<Provocation> provocations() {
        return new Provocations()
                .with(INCREMENTAL_ALTER_CONFIGS, ConfigErrorsIT::groups)
                .with(INCREMENTAL_ALTER_CONFIGS, ConfigErrorsIT::clientMetrics)
                .with(INCREMENTAL_ALTER_CONFIGS, ConfigErrorsIT::brokers)
                .with(INCREMENTAL_ALTER_CONFIGS, ConfigErrorsIT::loggers)
                .with(INCREMENTAL_ALTER_CONFIGS, ConfigErrorsIT::others)
                .with(LIST_CONFIG_RESOURCES, ConfigErrorsIT::lists)
                .with(GET_TELEMETRY_SUBSCRIPTIONS, ConfigErrorsIT::subscriptions)
                .with(PUSH_TELEMETRY, ConfigErrorsIT::pushes)
                .all();
    }

    private static IncrementalAlterConfigsRequestData set(int type, String name, String key, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType((byte) type).setResourceName(name);
        resource.configs().add(new AlterableConfig().setName(key).setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        return request;
    }

    private static void refuses(Provocations.Of alter, Errors error, String when, int type, String... setting) {
        alter.answers(error, when, client -> ErrorCodes.of(client, set(type, setting[0], setting[1], setting[2]), 1));
    }

    private static void groups(Provocations.Of alter) {
        refuses(alter, Errors.INVALID_CONFIG, "to a key that groups have not", GROUP, "g", "no.such.key", "1");
        refuses(
                alter,
                Errors.INVALID_CONFIG,
                "to a group's value that is no number",
                GROUP,
                "g",
                "consumer.session.timeout.ms",
                "long");
        refuses(
                alter,
                Errors.INVALID_CONFIG,
                "to a group's session timeout below the broker's least",
                GROUP,
                "g",
                "consumer.session.timeout.ms",
                "1");
        refuses(
                alter,
                Errors.INVALID_REQUEST,
                "to a group without a name",
                GROUP,
                "",
                "consumer.session.timeout.ms",
                "50000");
    }

    private static void clientMetrics(Provocations.Of alter) {
        refuses(
                alter,
                Errors.INVALID_REQUEST,
                "to a key that subscriptions to metrics have not",
                CLIENT_METRICS,
                "m",
                "no.such.key",
                "1");
        refuses(alter, Errors.INVALID_REQUEST, "to an interval below 100 ms", CLIENT_METRICS, "m", "interval.ms", "99");
        refuses(
                alter,
                Errors.INVALID_CONFIG,
                "to a match of what clients do not tell",
                CLIENT_METRICS,
                "m",
                "match",
                "colour=red");
        refuses(
                alter,
                Errors.INVALID_REQUEST,
                "to a subscription without a name",
                CLIENT_METRICS,
                "",
                "interval.ms",
                "1000");
    }

    private static void brokers(Provocations.Of alter) {
        refuses(
                alter,
                Errors.INVALID_REQUEST,
                "to a key that changes by a restart only",
                BROKER,
                "1",
                "process.roles",
                "broker");
        refuses(
                alter,
                Errors.INVALID_REQUEST,
                "to a broker that is not a number",
                BROKER,
                "one",
                "log.retention.ms",
                "1000");
    }

    private static void loggers(Provocations.Of alter) {
        refuses(alter, Errors.INVALID_CONFIG, "to a level that there is not", BROKER_LOGGER, "1", "root", "LOUD");
        refuses(
                alter,
                Errors.INVALID_CONFIG,
                "to a logger that there is not",
                BROKER_LOGGER,
                "1",
                "no.such.Logger",
                "INFO");
    }

    private static void others(Provocations.Of alter) {
        refuses(
                alter,
                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                "to a topic that does not exist",
                TOPIC,
                "missing",
                "retention.ms",
                "1000");
        refuses(alter, Errors.INVALID_REQUEST, "to a type of resource that there is not", 99, "x", "key", "1");
        alter.answers(Errors.INVALID_REQUEST, "to one key twice", client -> {
            IncrementalAlterConfigsRequestData request = set(GROUP, "g", "consumer.session.timeout.ms", "50000");
            request.resources()
                    .iterator()
                    .next()
                    .configs()
                    .add(new AlterableConfig()
                            .setName("consumer.session.timeout.ms")
                            .setConfigOperation((byte) 1));
            return ErrorCodes.of(client, request, 1);
        });
        alter.answers(Errors.INVALID_CONFIG, "to what is appended to no list", client -> {
            IncrementalAlterConfigsRequestData request = set(GROUP, "g", "consumer.session.timeout.ms", "1");
            request.resources().iterator().next().configs().iterator().next().setConfigOperation(APPEND);
            return ErrorCodes.of(client, request, 1);
        });
    }

    private static void lists(Provocations.Of list) {
        list.answers(
                Errors.UNSUPPORTED_VERSION,
                "to a type of resource that there is not",
                client -> ErrorCodes.of(
                        client, new ListConfigResourcesRequestData().setResourceTypes(List.of((byte) 64)), 1));
    }

    /** Of a client that has just asked what to push. */
    private static PushTelemetryRequestData push(RawClient client) throws Exception {
        GetTelemetrySubscriptionsResponseData told = (GetTelemetrySubscriptionsResponseData)
                client.ask(new GetTelemetrySubscriptionsRequestData(), (short) 0);
        return new PushTelemetryRequestData()
                .setClientInstanceId(told.clientInstanceId())
                .setSubscriptionId(told.subscriptionId());
    }

    private static void subscriptions(Provocations.Of get) {
        get.answers(
                Errors.THROTTLING_QUOTA_EXCEEDED,
                "to a client that asks again at once",
                client -> ErrorCodes.of(
                        client,
                        new GetTelemetrySubscriptionsRequestData()
                                .setClientInstanceId(push(client).clientInstanceId()),
                        0));
    }

    private static void pushes(Provocations.Of push) {
        push.answers(
                Errors.INVALID_REQUEST,
                "to nobody",
                client -> ErrorCodes.of(client, push(client).setClientInstanceId(Uuid.ZERO_UUID), 0));
        push.answers(
                Errors.UNSUPPORTED_COMPRESSION_TYPE,
                "to a compression that there is not",
                client -> ErrorCodes.of(client, push(client).setCompressionType((byte) 9), 0));
        push.answers(
                Errors.TELEMETRY_TOO_LARGE,
                "to more than telemetry.max.bytes",
                client -> ErrorCodes.of(
                        client, push(client).setMetrics(ByteBuffer.allocate(TELEMETRY_BYTES_MAX + 1)), 0));
        push.answers(Errors.UNKNOWN_SUBSCRIPTION_ID, "to another subscription than it was told", client -> {
            PushTelemetryRequestData request = push(client);
            return ErrorCodes.of(client, request.setSubscriptionId(request.subscriptionId() + 1), 0);
        });
        push.answers(Errors.INVALID_REQUEST, "after the last push", client -> {
            PushTelemetryRequestData last = push(client).setTerminating(true);
            short first = ErrorCodes.of(client, last, 0);
            return first == 0 ? ErrorCodes.of(client, last, 0) : first;
        });
        push.answers(Errors.THROTTLING_QUOTA_EXCEEDED, "to a second push at once", client -> {
            PushTelemetryRequestData request = push(client);
            short first = ErrorCodes.of(client, request, 0);
            return first == 0 ? ErrorCodes.of(client, request, 0) : first;
        });
    }
}
