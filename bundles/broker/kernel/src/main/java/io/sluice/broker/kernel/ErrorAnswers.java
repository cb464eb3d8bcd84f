package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the kernel gives in place of a handler: one that is being replaced for too long, or that failed. For
 * each API the error that its clients try again, and that error in the API's own schema.
 *
 * <p>Clients that ask an API of {@link #CLOSE} take any error for the end of what they want, but ask again when their
 * connection is closed.
 */
final class ErrorAnswers {
    /** In place of the error of an absent handler: the connection is closed. */
    static final ErrorCode CLOSE = ErrorCode.NETWORK_EXCEPTION;

    private static final ErrorAnswers ALL = new ErrorAnswers();

    private final Map<ApiKey, Row> rows = new EnumMap<>(ApiKey.class);

    /** An answer with one error at each place for it; null where this version, or what was asked, has no such place. */
    interface Answer {
        @Nullable
        Message to(Request request, short code);
    }

    private record Row(ErrorCode whileAbsent, Answer answer) {}

    private ErrorAnswers() {
        RecordErrorAnswers.addTo(this);
        GroupErrorAnswers.addTo(this);
        TransactionErrorAnswers.addTo(this);
        ShareErrorAnswers.addTo(this);
        TopicErrorAnswers.addTo(this);
        ConfigErrorAnswers.addTo(this);
        ClusterErrorAnswers.addTo(this);
    }

    void put(ApiKey api, ErrorCode whileAbsent, Answer answer) {
        rows.put(api, new Row(whileAbsent, answer));
    }

    static <A, B> List<B> each(Collection<A> asked, Function<A, B> answer) {
        List<B> all = new ArrayList<>(asked.size());
        for (A one : asked) {
            all.add(answer.apply(one));
        }
        return all;
    }

    /** The error that makes a client of this API look again, here or elsewhere; {@link #CLOSE} when none does. */
    static ErrorCode whileAbsent(ApiKey api) {
        Row row = ALL.rows.get(api);
        return row == null ? CLOSE : row.whileAbsent();
    }

    /** An answer with this error; null when it has to be said by closing the connection. */
    static @Nullable Message of(Request request, ErrorCode error) {
        Row row = ALL.rows.get(request.api());
        return row == null || error == CLOSE ? null : row.answer().to(request, error.code());
    }
}
