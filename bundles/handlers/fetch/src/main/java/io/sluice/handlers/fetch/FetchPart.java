package io.sluice.handlers.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.FetchPosition;

/**
 * One partition of a fetch.
 *
 * @param error why it is not read at all
 * @param cached its entry in the session
 */
record FetchPart(FetchPosition position, int maxBytes, ErrorCode error, SessionPartition cached) {}
