package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.creating;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.NotControllerException;
import io.sluice.cluster.api.image.RecordBytes;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.metadata.UserScramCredentialRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ControllerLoopTest {
    private final ControllerFixture fixture = ControllerFixture.registered();

    private CompletableFuture<CreateTopicsResponse> create(String name) {
        return fixture.controller().createTopics(creating(topic(name, 1, 1)));
    }

    private static ErrorCode error(CompletableFuture<CreateTopicsResponse> future) {
        return ErrorCode.of(done(future).topics().get(0).errorCode());
    }

    @Test
    void shouldAnswerOnlyWhenCommittedAndShown() {
        fixture.log.hold();
        List<String> events = new ArrayList<>();
        fixture.node.metadata().subscribe((delta, image) -> events.add("image " + delta.changedTopics()));
        events.clear();
        CompletableFuture<CreateTopicsResponse> a = create("a");
        CompletableFuture<CreateTopicsResponse> b = create("b");
        a.thenRun(
                () -> events.add("a answered, image has it " + (fixture.image().topic("a") != null)));

        assertThat(a).isNotDone();
        assertThat(fixture.image().topic("a")).isNull();
        fixture.log.commitNext();
        assertThat(events).containsExactly("image [a]", "a answered, image has it true");
        assertThat(b).isNotDone();
        fixture.log.commitNext();
        assertThat(error(b)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldDecideOnWhatWasDecidedBeforeAndAnswerNoEarlier() {
        fixture.log.hold();
        CompletableFuture<CreateTopicsResponse> first = create("a");
        CompletableFuture<CreateTopicsResponse> second = create("a");

        assertThat(second).isNotDone();
        fixture.log.release();
        assertThat(error(first)).isEqualTo(ErrorCode.NONE);
        assertThat(error(second)).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
    }

    @Test
    void shouldTakeBackWhatWasDecidedAfterFailedAppend() {
        fixture.log.hold();
        CompletableFuture<CreateTopicsResponse> failed = create("a");
        CompletableFuture<CreateTopicsResponse> later = create("b");
        CompletableFuture<CreateTopicsResponse> refused = create("a");
        fixture.log.failAll(new IOException("disk full"));

        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("disk full");
        assertThatThrownBy(later::get).hasRootCauseInstanceOf(NotControllerException.class);
        assertThatThrownBy(refused::get).hasRootCauseInstanceOf(NotControllerException.class);

        CompletableFuture<CreateTopicsResponse> again = create("a");
        fixture.log.release();
        assertThat(error(again)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.image().topic("b")).isNull();
    }

    @Test
    void shouldRefuseRequestsWhileAnotherNodeLeads() {
        fixture.log.hold();
        CompletableFuture<CreateTopicsResponse> waiting = create("a");
        fixture.log.lead(2);

        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(NotControllerException.class);
        assertThatThrownBy(() -> create("b").get()).hasRootCauseInstanceOf(NotControllerException.class);
        assertThat(fixture.image().controllerId()).isEqualTo(2);
        fixture.log.lead(null);
        assertThat(fixture.image().controllerId()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseRequestsBeyondTheBound() {
        fixture.log.hold();
        for (int i = 0; i < ControllerLoop.REQUESTS_MAX; i++) {
            fixture.controller().bumpLeaderEpochs("none");
        }
        create("held");
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < ControllerLoop.REQUESTS_MAX; i++) {
            waiting.add(fixture.controller().bumpLeaderEpochs("none"));
        }

        assertThat(waiting.get(waiting.size() - 1)).isCompletedExceptionally();
        assertThat(waiting.get(0)).isNotDone();
        fixture.log.release();
        assertThat(waiting.get(0)).isCompleted();
        assertThat(error(create("next"))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLoadWhatTheLogHolds() {
        create("a");
        create("b");
        ControllerFixture again = new ControllerFixture(fixture.log, Map.of());

        assertThat(again.image()).isEqualTo(fixture.image());
        assertThat(again.image().offset()).isEqualTo(fixture.image().offset());
        assertThat(again.image().epoch()).isGreaterThan(fixture.image().epoch());
    }

    @Test
    void shouldWriteSnapshotsAndLoadFromThem() {
        ControllerFixture small =
                ControllerFixture.registered(Map.of("metadata.log.max.record.bytes.between.snapshots", "2000"));
        for (int i = 0; i < 100; i++) {
            small.create(topic("topic-" + i, 1, 1));
        }

        assertThat(small.log.snapshot()).isNotNull();
        assertThat(small.log.batches()).hasSizeLessThan(60);
        ControllerFixture again = new ControllerFixture(small.log, Map.of());
        assertThat(again.image()).isEqualTo(small.image());
        again.create(topic("more", 1, 1));
        assertThat(again.image().offset()).isEqualTo(small.image().offset() + 2);
    }

    @Test
    void shouldRefuseToLoadLogThatItCannotApply() {
        ByteBuffer unknown = RecordBytes.encode(new UserScramCredentialRecord());
        MemoryLog log = new MemoryLog(1);
        log.batches().add(new MemoryLog.Batch(0, 1, List.of(unknown)));

        assertThatThrownBy(() -> ControllerFixture.open(log, Map.of()))
                .hasRootCauseInstanceOf(io.sluice.cluster.api.image.UnusableRecordException.class)
                .hasMessageContaining("cannot be loaded");
    }

    @Test
    void shouldTellListenersEverythingAtFirstAndThenWhatChanged() throws Exception {
        create("a");
        List<MetadataDelta> deltas = new ArrayList<>();
        MetadataSource.Subscription subscription =
                fixture.node.metadata().subscribe((delta, image) -> deltas.add(delta));
        assertThat(deltas).hasSize(1);
        assertThat(deltas.get(0).changedTopics()).containsExactly("a");

        create("b");
        assertThat(deltas).hasSize(2);
        assertThat(deltas.get(1).changedTopics()).containsExactly("b");
        subscription.close();
        create("c");
        assertThat(deltas).hasSize(2);
    }

    @Test
    void shouldGoOnWhenListenerFails() {
        List<String> told = new ArrayList<>();
        fixture.node.metadata().subscribe((delta, image) -> {
            if (delta.changedTopics().contains("a")) {
                throw new IllegalStateException("a listener that fails");
            }
        });
        fixture.node.metadata().subscribe((delta, image) -> told.addAll(delta.changedTopics()));

        assertThat(error(create("a"))).isEqualTo(ErrorCode.NONE);
        assertThat(told).containsExactly("a");
    }

    @Test
    void shouldEndWaitingRequestsWhenClosed() {
        fixture.log.hold();
        CompletableFuture<CreateTopicsResponse> waiting = create("a");
        fixture.node.close();

        assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(NotControllerException.class);
        assertThatThrownBy(() -> create("b").get()).hasRootCauseInstanceOf(NotControllerException.class);
    }
}
