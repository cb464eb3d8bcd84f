package io.sluice.cluster.api.image;

import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.protocol.metadata.RemoveUserScramCredentialRecord;
import io.sluice.protocol.metadata.UserScramCredentialRecord;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The SCRAM credentials that a run of records sets and removes. */
final class ScramChanges {
    private final ClusterImage base;
    private final Map<String, EnumMap<ScramMechanism, ScramCredential>> drafts = new HashMap<>();

    ScramChanges(ClusterImage base) {
        this.base = base;
    }

    void set(UserScramCredentialRecord record) {
        draft(record.name())
                .put(
                        mechanism(record.mechanism()),
                        new ScramCredential(
                                record.salt(), record.storedKey(), record.serverKey(), record.iterations()));
    }

    void remove(RemoveUserScramCredentialRecord record) {
        if (draft(record.name()).remove(mechanism(record.mechanism())) == null) {
            throw new UnusableRecordException(
                    "A metadata record removes a credential of the user " + record.name() + " that is not there");
        }
    }

    ShardedMap<String, Map<ScramMechanism, ScramCredential>> all() {
        Map<String, Map<ScramMechanism, ScramCredential>> set = new HashMap<>();
        Set<String> gone = new HashSet<>();
        drafts.forEach((user, credentials) -> {
            if (credentials.isEmpty()) {
                gone.add(user);
            } else {
                set.put(user, Collections.unmodifiableMap(credentials));
            }
        });
        return base.scram().with(set, gone);
    }

    private EnumMap<ScramMechanism, ScramCredential> draft(String user) {
        return drafts.computeIfAbsent(user, name -> {
            EnumMap<ScramMechanism, ScramCredential> draft = new EnumMap<>(ScramMechanism.class);
            draft.putAll(base.scramCredentials(name));
            return draft;
        });
    }

    private static ScramMechanism mechanism(byte code) {
        ScramMechanism mechanism = ScramMechanism.of(code);
        if (mechanism == null) {
            throw new UnusableRecordException("A metadata record names the unknown SCRAM mechanism " + code);
        }
        return mechanism;
    }
}
