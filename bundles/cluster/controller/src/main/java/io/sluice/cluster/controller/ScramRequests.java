package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse.AlterUserScramCredentialsResult;
import io.sluice.protocol.metadata.RemoveUserScramCredentialRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides AlterUserScramCredentials (KIP-554). Each user may be named once in a request, and is answered once. What clients send is the
 * salted password; what is kept is made of it here, and the salted password itself is not.
 */
final class ScramRequests {
    static final int ITERATIONS_MIN = 4_096;
    static final int ITERATIONS_MAX = 16_384;

    private final Situation situation;
    private final Map<String, Integer> mentions = new HashMap<>();
    private final Map<String, ApiError> results = new LinkedHashMap<>();
    private final List<Message> records = new ArrayList<>();

    private ScramRequests(Situation situation) {
        this.situation = situation;
    }

    static Decision<AlterUserScramCredentialsResponse> decide(
            AlterUserScramCredentialsRequest request, Situation situation) {
        return new ScramRequests(situation).decide(request);
    }

    private Decision<AlterUserScramCredentialsResponse> decide(AlterUserScramCredentialsRequest request) {
        request.deletions().forEach(deletion -> mentions.merge(deletion.name(), 1, Integer::sum));
        request.upsertions().forEach(upsertion -> mentions.merge(upsertion.name(), 1, Integer::sum));
        for (ScramCredentialDeletion deletion : request.deletions()) {
            answer(deletion.name(), ScramMechanism.of(deletion.mechanism()), mechanism -> delete(deletion, mechanism));
        }
        for (ScramCredentialUpsertion upsertion : request.upsertions()) {
            answer(
                    upsertion.name(),
                    ScramMechanism.of(upsertion.mechanism()),
                    mechanism -> upsert(upsertion, mechanism));
        }
        AlterUserScramCredentialsResponse response = new AlterUserScramCredentialsResponse();
        results.forEach((user, error) -> response.results()
                .add(new AlterUserScramCredentialsResult()
                        .setUser(user)
                        .setErrorCode(error.code().code())
                        .setErrorMessage(error.message())));
        return new Decision<>(records, response);
    }

    private interface Alteration {
        ApiError decide(ScramMechanism mechanism);
    }

    private void answer(String user, @Nullable ScramMechanism mechanism, Alteration alteration) {
        if (results.containsKey(user)) {
            return;
        }
        int before = records.size();
        ApiError error = decide(user, mechanism, alteration);
        if (!error.failed() && mentions.getOrDefault(user, 0) > 1) {
            records.subList(before, records.size()).clear();
            error = ApiError.of(
                    ErrorCode.DUPLICATE_RESOURCE, "A user credential cannot be altered twice in the same request");
        }
        results.put(user, error);
    }

    private static ApiError decide(String user, @Nullable ScramMechanism mechanism, Alteration alteration) {
        if (user.isEmpty()) {
            return ApiError.of(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Username must not be empty");
        }
        if (mechanism == null) {
            return ApiError.of(ErrorCode.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");
        }
        return alteration.decide(mechanism);
    }

    private ApiError delete(ScramCredentialDeletion deletion, ScramMechanism mechanism) {
        if (!situation.image().scramCredentials(deletion.name()).containsKey(mechanism)) {
            return ApiError.of(ErrorCode.RESOURCE_NOT_FOUND, "Attempt to delete a user credential that does not exist");
        }
        records.add(
                new RemoveUserScramCredentialRecord().setName(deletion.name()).setMechanism(mechanism.code()));
        return ApiError.NONE;
    }

    private ApiError upsert(ScramCredentialUpsertion upsertion, ScramMechanism mechanism) {
        if (upsertion.iterations() < ITERATIONS_MIN) {
            return ApiError.of(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Too few iterations");
        }
        if (upsertion.iterations() > ITERATIONS_MAX) {
            return ApiError.of(ErrorCode.UNACCEPTABLE_CREDENTIAL, "Too many iterations");
        }
        if (upsertion.saltedPassword().length == 0) {
            return ApiError.of(ErrorCode.UNACCEPTABLE_CREDENTIAL, "The salted password must not be empty");
        }
        ScramCredential credential =
                ScramKeys.credential(mechanism, upsertion.salt(), upsertion.saltedPassword(), upsertion.iterations());
        records.add(ImageRecords.scram(upsertion.name(), mechanism, credential));
        return ApiError.NONE;
    }
}
