package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kafka's own classes make of the answers that the kernel gives in place of a handler. */
class ErrorAnswersInKafkaTest {
    /** Nothing of them has a handler, or what they answer without one is none. */
    private static final Set<ApiKey> NEVER = EnumSet.of(
            ApiKey.API_VERSIONS,
            ApiKey.METADATA,
            ApiKey.DESCRIBE_TOPIC_PARTITIONS,
            ApiKey.SASL_HANDSHAKE,
            ApiKey.SASL_AUTHENTICATE,
            ApiKey.CREATE_DELEGATION_TOKEN,
            ApiKey.RENEW_DELEGATION_TOKEN,
            ApiKey.EXPIRE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_DELEGATION_TOKEN);

    /** One version of one API. */
    record Version(ApiKey api, short version) {
        /** Whether its answers have a place for an error. */
        boolean saysErrors() {
            return switch (api) {
                case FETCH -> version >= 7;
                case OFFSET_FETCH -> version >= 2;
                default -> true;
            };
        }

        boolean isAnswered() {
            return switch (api) {
                case ELECT_LEADERS -> version >= 1;
                case DESCRIBE_LOG_DIRS -> version >= 3;
                default -> true;
            };
        }
    }

    private static Stream<ApiKey> apis() {
        return Arrays.stream(ApiKey.values())
                .filter(api -> api.listeners().contains(ApiKey.Listener.BROKER) && !NEVER.contains(api));
    }

    static List<Version> versions() {
        List<Version> all = new ArrayList<>();
        apis().forEach(api -> {
            for (short version = api.lowestVersion(); version <= api.highestVersion(); version++) {
                all.add(new Version(api, version));
            }
        });
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("versions")
    void shouldSayTheErrorAtEachPlaceAndNothingElse(Version asked) {
        Message answer = ErrorAnswers.of(Asked.of(asked.api(), asked.version()), ErrorCode.UNKNOWN_SERVER_ERROR);

        if (!asked.isAnswered()) {
            assertThat(answer).isNull();
            return;
        }
        AbstractResponse read = AbstractResponse.parseResponse(
                ApiKeys.forId(asked.api().id()),
                new ByteBufferAccessor(MessageBytes.encode(answer, asked.version())),
                asked.version());
        if (asked.saysErrors()) {
            assertThat(errors(read)).containsOnly(Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    /** Kafka does not count the one at the top of DescribeUserScramCredentials. */
    private static Set<Errors> errors(AbstractResponse answer) {
        return answer instanceof DescribeUserScramCredentialsResponse credentials
                ? Set.of(Errors.forCode(credentials.data().errorCode()))
                : answer.errorCounts().keySet();
    }

    @ParameterizedTest
    @MethodSource("apis")
    void shouldMeetAHandlersAbsenceWithAnErrorThatIsTriedAgain(ApiKey api) {
        ErrorCode error = ErrorAnswers.whileAbsent(api);

        assertThat(Errors.forCode(error.code()).exception()).isInstanceOf(RetriableException.class);
    }

    @Test
    void shouldCloseConnectionsForNoOtherApisThanThese() {
        assertThat(apis().filter(api -> ErrorAnswers.whileAbsent(api) == ErrorAnswers.CLOSE))
                .containsExactlyInAnyOrder(
                        ApiKey.DESCRIBE_CLUSTER,
                        ApiKey.DESCRIBE_CONFIGS,
                        ApiKey.ALTER_CONFIGS,
                        ApiKey.LIST_CONFIG_RESOURCES,
                        ApiKey.DESCRIBE_CLIENT_QUOTAS,
                        ApiKey.ALTER_CLIENT_QUOTAS,
                        ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        ApiKey.DESCRIBE_ACLS,
                        ApiKey.DESCRIBE_LOG_DIRS,
                        ApiKey.ALTER_REPLICA_LOG_DIRS,
                        ApiKey.ELECT_LEADERS);
    }
}
