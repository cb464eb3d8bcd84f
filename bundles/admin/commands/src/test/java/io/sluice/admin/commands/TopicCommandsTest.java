package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.admin.api.Command;
import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TopicCommandsTest {
    private final BrokerFake broker = new BrokerFake();
    private final BrokerAccess access = broker.access();
    private final List<Command> commands = new TopicCommands(
                    access, new TopicNames(access), new PartitionTable(access), new ResourceConfigs(access))
            .all();

    private int run(String verb, InvocationFake invocation) throws Exception {
        for (Command command : commands) {
            if (command.verb().equals(verb)) {
                return command.run(invocation);
            }
        }
        throw new AssertionError("no command " + verb);
    }

    private void answerCreation(ErrorCode error, String message) {
        broker.answer(ApiKey.CREATE_TOPICS, CreateTopicsRequest.class, request -> new CreateTopicsResponse()
                .setTopics(List.of(new CreatableTopicResult()
                        .setName(request.topics().get(0).name())
                        .setNumPartitions(2)
                        .setErrorCode(error.code())
                        .setErrorMessage(message))));
    }

    @Test
    void shouldHideInternalTopicsUnlessAskedFor() throws Exception {
        broker.topic("b", 2);
        broker.topic("__consumer_offsets", 1);
        InvocationFake usual = new InvocationFake();
        InvocationFake all = new InvocationFake().with("internal");

        run("list", usual);
        run("list", all);

        assertThat(usual.rows()).extracting(row -> row.get("name")).isEqualTo(List.of("b"));
        assertThat(all.rows()).hasSize(2);
    }

    @Test
    void shouldAskForTheEngineAndTheConfigsThatWereGiven() throws Exception {
        answerCreation(ErrorCode.NONE, null);
        InvocationFake invocation = new InvocationFake("x")
                .with("partitions", "2")
                .with("engine", "memory")
                .with("config", "retention.ms=5");

        assertThat(run("create", invocation)).isZero();

        assertThat(invocation.printed()).isEqualTo("created x with 2 partitions\n");
        CreateTopicsRequest request = (CreateTopicsRequest) broker.sent().get(0);
        assertThat(request.topics().get(0).numPartitions()).isEqualTo(2);
        assertThat(request.topics().get(0).replicationFactor()).isEqualTo((short) -1);
        assertThat(request.topics().get(0).configs())
                .extracting(config -> config.name() + "=" + config.value())
                .containsExactly("retention.ms=5", "storage.engine=memory");
    }

    @Test
    void shouldSayWhyATopicWasNotCreated() throws Exception {
        answerCreation(ErrorCode.TOPIC_ALREADY_EXISTS, "it is there");

        assertThatThrownBy(() -> run("create", new InvocationFake("x")))
                .hasMessage("x was not created: it is there (TOPIC_ALREADY_EXISTS)");
        assertThat(run("create", new InvocationFake("x").with("if-not-exists"))).isZero();
    }

    @Test
    void shouldRefuseAnAlterationOfNothing() {
        broker.topic("x", 1);
        assertThatThrownBy(() -> run("alter", new InvocationFake("x"))).hasMessageContaining("nothing to alter");
    }

    @Test
    void shouldSetAndDeleteConfigs() throws Exception {
        broker.topic("x", 1);
        broker.answer(
                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                IncrementalAlterConfigsRequest.class,
                request -> new IncrementalAlterConfigsResponse()
                        .setResponses(List.of(new AlterConfigsResourceResponse().setResourceName("x"))));

        run("alter", new InvocationFake("x").with("config", "a=1").with("delete-config", "b"));

        var configs = ((IncrementalAlterConfigsRequest) broker.sent().get(0))
                .resources()
                .get(0)
                .configs();
        assertThat(configs).extracting(config -> (int) config.configOperation()).containsExactly(0, 1);
        assertThat(configs).extracting(config -> config.value()).containsExactly("1", null);
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        assertThatThrownBy(() -> run("create", new InvocationFake("x")))
                .hasMessage("CreateTopics was not answered: nobody answers CreateTopics");
    }
}
