package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.coordinator.share.ShareCoordinator;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ShareFetchRequest;
import io.sluice.protocol.message.ShareFetchResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * ShareFetch (KIP-932), with share sessions. First what the member says of earlier records is kept; then it gets others. A request that finds less than
 * it asks for is parked as data, and goes on when there is more in the log, when records become available again, or when its time is over.
 *
 * <p>Runs on workers: what it reads may have to come from the disk.
 */
@Component(service = ApiHandler.class)
public final class ShareFetchHandler implements ApiHandler {
    private static final byte RECORD_LIMIT = 1;
    private static final long KEEPING_MS = 30_000L;
    private static final int LOOKS_MAX = 16;
    private static final long NANOS = 1_000_000L;

    private final ShareCoordinator coordinator;

    @Activate
    public ShareFetchHandler(@Reference ShareCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public ApiKey api() {
        return ApiKey.SHARE_FETCH;
    }

    @Override
    public void handle(Request request) {
        ShareFetchRequest asked = request.read(new ShareFetchRequest());
        ErrorCode error = MemberCheck.errorOf(request, asked.groupId(), asked.memberId());
        if (error != ErrorCode.NONE) {
            refuse(request, error, null);
            return;
        }
        RequestedAcknowledgements acknowledgements = RequestedAcknowledgements.of(asked);
        String flaw = flaw(asked, acknowledgements);
        if (flaw != null) {
            refuse(request, ErrorCode.INVALID_REQUEST, flaw);
            return;
        }
        ShareSession.Key member = member(asked);
        ShareSessions.Entry entry = enter(member, asked, request.connectionId());
        if (entry.error() != ErrorCode.NONE) {
            refuse(request, entry.error(), null);
            return;
        }
        Progress progress = new Progress(
                coordinator.broker().time().nanoseconds() + Math.max(0, asked.maxWaitMs()) * NANOS,
                RequestedAcknowledgements.noResults(),
                Progress.Stage.READY);
        boolean isFinal = asked.shareSessionEpoch() == ShareSessions.FINAL_EPOCH;
        if (acknowledgements.isEmpty() && !isFinal) {
            goOn(request, asked, entry.session(), progress, false);
            return;
        }
        Wakeup wakeup = request.park(progress.continuation(), KEEPING_MS);
        acknowledgements.submit(coordinator, request, member, asked.isRenewAck(), progress.results(), () -> {
            if (isFinal) {
                coordinator.sessions().end(member);
            }
            coordinator.broker().scheduler().execute(wakeup::fire);
        });
    }

    /** What is wrong with a request, whatever the session; null when nothing is. */
    private static @Nullable String flaw(ShareFetchRequest asked, RequestedAcknowledgements acknowledgements) {
        if (asked.shareSessionEpoch() == ShareSessions.INITIAL_EPOCH && !acknowledgements.isEmpty()) {
            return "The request that begins a share session cannot acknowledge anything.";
        }
        boolean fetches =
                asked.maxBytes() > 0 || asked.maxRecords() > 0 || asked.minBytes() > 0 || asked.maxWaitMs() > 0;
        if (asked.isRenewAck() && fetches) {
            return "MaxWaitMs, MinBytes, MaxBytes and MaxRecords must be 0 if isRenewAck is true.";
        }
        return null;
    }

    private ShareSessions.Entry enter(ShareSession.Key member, ShareFetchRequest asked, long connectionId) {
        ShareSessions sessions = coordinator.sessions();
        if (asked.shareSessionEpoch() == ShareSessions.FINAL_EPOCH) {
            ShareSession present = sessions.find(member);
            return present == null
                    ? ShareSessions.Entry.refused(ErrorCode.SHARE_SESSION_NOT_FOUND)
                    : new ShareSessions.Entry(ErrorCode.NONE, present);
        }
        ShareSessions.Entry entry = asked.shareSessionEpoch() == ShareSessions.INITIAL_EPOCH
                ? sessions.begin(member, connectionId)
                : sessions.next(member, asked.shareSessionEpoch(), connectionId);
        ShareSession session = entry.session();
        if (session != null) {
            for (ShareFetchRequest.FetchTopic topic : asked.topics()) {
                for (ShareFetchRequest.FetchPartition partition : topic.partitions()) {
                    session.add(new SharePartitionKey(member.groupId(), topic.topicId(), partition.partitionIndex()));
                }
            }
            for (ShareFetchRequest.ForgottenTopic topic : asked.forgottenTopicsData()) {
                for (int partition : topic.partitions()) {
                    session.remove(new SharePartitionKey(member.groupId(), topic.topicId(), partition));
                }
            }
        }
        return entry;
    }

    /** The continuation is that of a {@link Progress}; the session's partitions are kept by the session. */
    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        Progress progress = Progress.of(continuation);
        if (progress.stage() == Progress.Stage.WAITING) {
            Progress.Stage next = timedOut ? Progress.Stage.OVER : Progress.Stage.READY;
            Wakeup wakeup = request.park(progress.at(next).continuation(), KEEPING_MS);
            coordinator.broker().scheduler().execute(wakeup::fire);
            return;
        }
        ShareFetchRequest asked = request.read(new ShareFetchRequest());
        if (asked.shareSessionEpoch() == ShareSessions.FINAL_EPOCH) {
            request.respond(answer(request, asked, progress).response(lockTimeoutMs(asked)));
            return;
        }
        ShareSession session = coordinator.sessions().find(member(asked));
        if (session == null) {
            // The session was of an earlier version of this handler, or the member is gone.
            refuse(request, ErrorCode.SHARE_SESSION_NOT_FOUND, null);
            return;
        }
        goOn(request, asked, session, progress, timedOut || progress.stage() == Progress.Stage.OVER);
    }

    private void goOn(
            Request request,
            ShareFetchRequest asked,
            @Nullable ShareSession session,
            Progress progress,
            boolean timedOut) {
        if (session == null || asked.isRenewAck() || asked.maxBytes() <= 0) {
            request.respond(answer(request, asked, progress).response(lockTimeoutMs(asked)));
            return;
        }
        for (int looks = 1; ; looks++) {
            ShareReading reading =
                    ShareReading.of(coordinator, request, session.key().memberId(), session.inOrder(), maxBytes(asked));
            long leftMs =
                    (progress.deadlineNanos() - coordinator.broker().time().nanoseconds()) / NANOS;
            // What became of acknowledgements is not kept from the member for long.
            boolean mustAnswer = timedOut
                    || leftMs <= 0L
                    || reading.isUrgent()
                    || !progress.results().isEmpty();
            boolean enough = reading.bytes() > 0 && reading.bytes() >= asked.minBytes();
            if (!mustAnswer && !enough) {
                reading.leave();
                Wakeup wakeup = request.park(progress.at(Progress.Stage.WAITING).continuation(), leftMs);
                reading.await(asked.minBytes(), wakeup);
                return;
            }
            List<ShareReading.Given> given =
                    reading.take(asked.maxRecords(), asked.batchSize(), asked.shareAcquireMode() == RECORD_LIMIT);
            if (mustAnswer || looks >= LOOKS_MAX || !isEmpty(given)) {
                answer(request, asked, session, progress, given);
                return;
            }
            // All that was read is for nobody, such as what was aborted: what comes behind it is looked at.
        }
    }

    private static boolean isEmpty(List<ShareReading.Given> given) {
        for (ShareReading.Given one : given) {
            if (!one.delivery().acquired().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void answer(
            Request request,
            ShareFetchRequest asked,
            ShareSession session,
            Progress progress,
            List<ShareReading.Given> given) {
        ShareFetchAnswer answer = answer(request, asked, progress);
        boolean all = asked.shareSessionEpoch() == ShareSessions.INITIAL_EPOCH;
        for (ShareReading.Given one : given) {
            answer.give(one, all);
            if (!one.delivery().acquired().isEmpty()) {
                session.moveToEnd(one.key());
            }
        }
        request.respond(answer.response(lockTimeoutMs(asked)));
    }

    private ShareFetchAnswer answer(Request request, ShareFetchRequest asked, Progress progress) {
        ShareFetchAnswer answer = new ShareFetchAnswer(
                new Leaders(coordinator.image(), request.peer().listenerName()));
        for (TopicIdPartition partition : RequestedAcknowledgements.of(asked).partitions()) {
            Map.Entry<Short, String> result = progress.results().get(partition);
            ErrorCode error = result == null ? ErrorCode.UNKNOWN_SERVER_ERROR : ErrorCode.of(result.getKey());
            String message = result == null || result.getValue().isEmpty() ? null : result.getValue();
            answer.acknowledged(partition, error, message);
        }
        return answer;
    }

    private int lockTimeoutMs(ShareFetchRequest asked) {
        String groupId = asked.groupId();
        ShareGroupSettings settings = coordinator.settings(groupId == null ? "" : groupId);
        return settings.lockDurationMs();
    }

    private int maxBytes(ShareFetchRequest asked) {
        String most = coordinator.broker().config("fetch.max.bytes");
        return most == null ? asked.maxBytes() : Math.min(asked.maxBytes(), Integer.parseInt(most.trim()));
    }

    private static ShareSession.Key member(ShareFetchRequest asked) {
        String groupId = asked.groupId();
        String memberId = asked.memberId();
        return new ShareSession.Key(groupId == null ? "" : groupId, memberId == null ? "" : memberId);
    }

    private static void refuse(Request request, ErrorCode error, @Nullable String message) {
        request.respond(new ShareFetchResponse().setErrorCode(error.code()).setErrorMessage(message));
    }
}
