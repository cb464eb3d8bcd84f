package io.sluice.broker.api.metrics;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import java.util.Map;

/**
 * What became of the requests of one API since the broker started. Those that commands send from within are not among them.
 *
 * @param byVersion requests that are done with, by their version; a version without any is left out
 * @param errors how often each error stands in the answers, which may be several times in one; of an answer without any, {@code NONE} once
 * @param disconnected requests that were not answered but had their connection closed
 * @param requestBytes with headers, without the sizes of frames
 * @param parked requests that wait now for records, a commit or other members
 * @param latency from the reading of a request to the handing over of its answer
 */
public record ApiTraffic(
        ApiKey api,
        Map<Short, Long> byVersion,
        Map<ErrorCode, Long> errors,
        long disconnected,
        long requestBytes,
        long responseBytes,
        long parked,
        LatencySnapshot latency) {
    public ApiTraffic {
        byVersion = Map.copyOf(byVersion);
        errors = Map.copyOf(errors);
    }

    /** All that are done with. */
    public long requests() {
        return latency.count();
    }
}
