package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import io.sluice.protocol.metadata.ProducerIdsRecord;
import java.util.List;

/** Decides AllocateProducerIds (KIP-730): each block is given to one broker, once. */
final class ProducerIdBlocks {
    static final int BLOCK_SIZE = 1_000;

    private ProducerIdBlocks() {}

    static Decision<AllocateProducerIdsResponse> decide(AllocateProducerIdsRequest request, Situation situation) {
        BrokerRegistration broker = situation.image().registrations().get(request.brokerId());
        if (broker == null || broker.brokerEpoch() != request.brokerEpoch()) {
            return refused(ErrorCode.STALE_BROKER_EPOCH);
        }
        long first = situation.image().nextProducerId();
        if (first > Long.MAX_VALUE - BLOCK_SIZE) {
            return refused(ErrorCode.UNKNOWN_SERVER_ERROR);
        }
        ProducerIdsRecord record = new ProducerIdsRecord()
                .setBrokerId(request.brokerId())
                .setBrokerEpoch(request.brokerEpoch())
                .setNextProducerId(first + BLOCK_SIZE);
        return new Decision<>(
                List.of(record),
                new AllocateProducerIdsResponse().setProducerIdStart(first).setProducerIdLen(BLOCK_SIZE));
    }

    private static Decision<AllocateProducerIdsResponse> refused(ErrorCode code) {
        return Decision.unchanged(new AllocateProducerIdsResponse().setErrorCode(code.code()));
    }
}
